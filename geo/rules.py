"""Which handling rule decides a case: of those that fit, the most particular one. Tables in, positions out.

The order of particularity, in which the first difference decides: a minor category, a major one, any; a community, a street, a
district, anywhere; a level that is named; an area class; a source; then the younger rule, then the lower code.
What a case is becomes one number, and each distinct number is looked up once, however many cases and rules there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

LEVELS = ("cell", "community", "street", "district")
"""How far up a case has come."""
SOURCES = ("grid_worker", "hotline", "resident", "video", "superior", "system")
CLASSES = ("new", "old_city")
AREAS = ("community", "street", "district")
"""What a rule may be confined to, the most particular first."""
FACTS = ("level", "area_class", "source")
CASE, PLACE = ("category", "level", "source"), ("area_class", *AREAS)
"""What a case brings, and what its place adds."""
RULE = ["id", "code", "handler", "time_limit", "basis"]
"""What a rule says; its other columns say where it fits."""
NONE = -1

Numbers = NDArray[np.int64]
Words = dict[str, "pd.Index[Any]"]


@dataclass(frozen=True)
class Pattern:
    """The rules that are particular in the same things: `keys` of what they name, rising, and their `places` in the frame."""

    columns: tuple[str, ...]
    keys: Numbers
    places: Numbers

    def find(self, asked: Numbers) -> Numbers:
        """The place of the rule that names what is asked, NONE where none does."""
        at = np.minimum(np.searchsorted(self.keys, asked), len(self.keys) - 1)
        return np.where(self.keys[at] == asked, self.places[at], NONE)


@dataclass(frozen=True)
class Rules:
    """The rules of one day. `frame` has the most particular first, so that of two that fit the upper one decides."""

    frame: pd.DataFrame
    words: Words
    majors: Numbers
    """The number of each category's major one, by its own number."""
    patterns: list[Pattern]
    _known: dict[int, int] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, rules: pd.DataFrame, categories: pd.DataFrame) -> Rules:
        """From rules of one day, as `handling_rule` has them with `area_level` of their `area_code`, and `code`, `parent_code`
        of every category."""
        frame = ranked(rules, categories)
        words = {
            "category": pd.Index(categories["code"], dtype=object),
            "level": pd.Index(LEVELS, dtype=object),
            "source": pd.Index(SOURCES, dtype=object),
            "area_class": pd.Index(CLASSES, dtype=object),
            **dict.fromkeys(AREAS, pd.Index(frame["area_code"].dropna().unique(), dtype=object)),
        }
        above = categories["parent_code"].where(categories["parent_code"].notna(), categories["code"])
        majors = np.append(0, _numbers(words["category"], above))
        return cls(frame, words, majors, list(_patterns(frame, words)))

    def choose(self, cases: pd.DataFrame, places: Numbers) -> Numbers:
        """The place in `frame` of the rule that decides each case, NONE where none fits.

        In: `category`, `level`, `source` of each case, and what `number_places` said of its place.
        """
        numbers = {name: _numbers(self.words[name], cases[name]) for name in CASE}
        keys = _key(numbers, len(cases), self.words) * _size(PLACE, self.words) + places
        which, distinct = pd.factorize(keys)
        self._learn(np.array([key for key in distinct.tolist() if key not in self._known], dtype=np.int64))
        chosen = np.array([self._known[key] for key in distinct.tolist()], dtype=np.int64)
        return np.asarray(chosen[which], dtype=np.int64) if len(which) else chosen

    def number_places(self, places: pd.DataFrame) -> Numbers:
        """What rules tell apart: `area_class` and the codes of `community`, `street` and `district`, null where unknown."""
        numbers = {name: _numbers(self.words[name], places[name]) for name in PLACE}
        return _key(numbers, len(places), self.words)

    def _learn(self, keys: Numbers) -> None:
        numbers = _unpack(keys, (*CASE, *PLACE), self.words)
        numbers["major"] = self.majors[numbers["category"]]
        found, rest = np.full(len(keys), NONE), np.arange(len(keys))
        for pattern in self.patterns if len(keys) else ():
            found[rest] = pattern.find(
                _key({name: numbers[name][rest] for name in pattern.columns}, len(rest), self.words)
            )
            rest = rest[found[rest] == NONE]
        self._known.update(zip(keys.tolist(), found.tolist(), strict=True))


def words(codes: Any, known: Iterable[str]) -> Any:
    """A column of the words `known`, named by their places; -1 where there is none."""
    return pd.Categorical.from_codes(codes, pd.Index(list(known), dtype=object))


def ranked(rules: pd.DataFrame, categories: pd.DataFrame) -> pd.DataFrame:
    """The rules, the most particular first, with `by_category` (category, major, nothing) and `by_area` (of AREAS, nothing)."""
    minor = set(categories.loc[categories["parent_code"].notna(), "code"])
    by_category = np.where(rules["category_code"].isin(minor), "category", "major")
    by_category = np.where(rules["category_code"].isna(), "", by_category)
    by_area = rules["area_level"].where(rules["area_code"].notna(), "").to_numpy(dtype=object)
    ranks = {
        "category_rank": pd.Series(by_category, rules.index).map(["category", "major", ""].index),
        "area_rank": pd.Series(by_area, rules.index).map([*AREAS, "", "city"].index),
        **{f"{name}_rank": rules[name].isna() for name in FACTS},
        "age": -pd.to_datetime(rules["valid_from"]).astype("int64"),
    }
    frame = rules.assign(by_category=by_category, by_area=by_area, **ranks)
    return frame.sort_values([*ranks, "code"], ignore_index=True).drop(columns=list(ranks))


def _patterns(frame: pd.DataFrame, words: Words) -> Iterator[Pattern]:
    """In the order of particularity."""
    ways = frame[["by_category", "by_area"]].assign(**{name: frame[name].notna() for name in FACTS})
    numbers = {name: _numbers(words[name], frame[name]) for name in FACTS}
    numbers |= dict.fromkeys(("category", "major"), _numbers(words["category"], frame["category_code"]))
    numbers |= dict.fromkeys(AREAS, _numbers(words[AREAS[0]], frame["area_code"]))
    for way in product(("category", "major", ""), (*AREAS, ""), *[(True, False)] * len(FACTS)):
        places = np.flatnonzero((ways == list(way)).all(axis=1).to_numpy())
        if len(places):
            facts = (fact for fact, is_named in zip(FACTS, way[2:], strict=True) if is_named)
            columns = (*(str(name) for name in way[:2] if name), *facts)
            named = {name: numbers[name][places] for name in columns}
            keys, first = np.unique(_key(named, len(places), words), return_index=True)
            yield Pattern(columns, keys, places[first])


def _numbers(words: pd.Index[Any], column: pd.Series) -> Numbers:
    """From 1 on; 0 for what is unknown or no rule speaks of."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        known = np.append(1 + words.get_indexer(column.cat.categories), 0)
        return np.asarray(known[column.cat.codes], dtype=np.int64)
    return np.asarray(1 + words.get_indexer(pd.Index(column, dtype=object)), dtype=np.int64)


def _key(numbers: Mapping[str, Numbers], count: int, words: Words) -> Numbers:
    """One number for what several columns say in each of `count` rows."""
    key = np.zeros(count, dtype=np.int64)
    for name, column in numbers.items():
        key = key * _size([name], words) + column
    return key


def _unpack(keys: Numbers, columns: Sequence[str], words: Words) -> dict[str, Numbers]:
    numbers = {}
    for name in reversed(columns):
        keys, numbers[name] = np.divmod(keys, _size([name], words))
    return numbers


def _size(columns: Sequence[str], words: Words) -> int:
    """How many numbers `_key` has for these columns."""
    size = 1
    for name in columns:
        size *= len(words["category" if name == "major" else name]) + 1
    return size
