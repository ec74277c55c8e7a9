"""Invented names, Chinese and English: places and roads from two-syllable stems, people from common syllables."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

FIRST = (
    "云yun 松song 柏bai 鹤he 鹿lu 澜lan 溪xi 泉quan 枫feng 桐tong 槐huai 柳liu 梅mei 兰lan 竹zhu 荷he 莲lian 桂gui 杏xing "
    "梨li 桃tao 榆yu 棠tang 星xing 月yue 晨chen 霞xia 晴qing 岚lan 雁yan 燕yan 鸿hong 锦jin 瑞rui 祥xiang 安an 宁ning "
    "永yong 清qing 明ming 怡yi 景jing 文wen 德de 新xin 春chun 秋qiu 望wang 丰feng 青qing"
)
SECOND = (
    "栖qi 鸣ming 涛tao 影ying 晖hui 荫yin 桥qiao 泉quan 台tai 坡po 岭ling 湖hu 河he 洲zhou 滩tan 渡du 井jing 门men 塔ta "
    "林lin 华hua 光guang 和he 平ping 康kang 乐le 福fu 顺shun 兴xing 昌chang 盛sheng 远yuan 达da 庭ting 源yuan 谷gu"
)
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚玲桂英华文建国志红梅春秋晓雪宇欣子涵嘉怡思雨浩然"

ROADS: dict[str, tuple[str, str]] = {
    "motorway": ("高速路", "Expressway"),
    "primary": ("大街", "Avenue"),
    "secondary": ("路", "Road"),
    "tertiary": ("街", "Street"),
    "residential": ("巷", "Lane"),
    "living_street": ("胡同", "Hutong"),
    "river": ("河", "River"),
    "rail": ("铁路", "Railway"),
}
"""How ways of a kind are called; kinds that are not here have no name."""
OLD_SUFFIXES = ("里", "坊", "巷", "胡同", "桥")
NEW_SUFFIXES = ("园", "苑", "家园", "庭", "湾")


class Stem(NamedTuple):
    """Two characters and how they read in Latin letters."""

    zh: str
    en: str


def stems(rng: np.random.Generator, count: int) -> list[Stem]:
    """`count` stems in random order; they differ until there are no more."""
    known = [
        Stem(a[0] + b[0], (a[1:] + b[1:]).capitalize()) for a in FIRST.split() for b in SECOND.split() if a[1:] != b[1:]
    ]
    order = rng.permutation(len(known))
    return [known[order[number % len(known)]] for number in range(count)]


def communities(rng: np.random.Generator, is_old: list[bool]) -> tuple[list[str], list[str]]:
    """A Chinese and an English name for each community, by its quarter."""
    found = stems(rng, len(is_old))
    pick = rng.integers(0, len(OLD_SUFFIXES), len(is_old))
    suffixes = [(OLD_SUFFIXES if old else NEW_SUFFIXES)[number] for old, number in zip(is_old, pick, strict=True)]
    chinese = [f"{stem.zh}{suffix}社区" for stem, suffix in zip(found, suffixes, strict=True)]
    return chinese, [f"{stem.en} Community" for stem in found]


def ways(rng: np.random.Generator, kinds: list[str]) -> list[str | None]:
    """A name for each line of ways; None for kinds without names."""
    found = stems(rng, len(kinds))
    return [stem.zh + ROADS[kind][0] if kind in ROADS else None for stem, kind in zip(found, kinds, strict=True)]


def people(rng: np.random.Generator, count: int) -> list[str]:
    """Names of two or three characters."""
    surname, first, second = (rng.integers(0, len(of), count) for of in (SURNAMES, GIVEN, GIVEN))
    long = rng.random(count) < 0.7
    return [
        SURNAMES[a] + GIVEN[b] + (GIVEN[c] if more else "")
        for a, b, c, more in zip(surname, first, second, long, strict=True)
    ]
