"""Small good files of every format, made here, for tests that break them."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import networkx as nx
import openpyxl
import osmium
import shapely

CODES = [f"1101990{n:02}000" for n in range(1, 10)]
NAMES = [f"第{n}街道" for n in range(1, 10)]


def streets() -> gpd.GeoDataFrame:
    shapes = [shapely.box(116 + n / 10, 39, 116.1 + n / 10, 39.1) for n in range(9)]
    return gpd.GeoDataFrame({"code": CODES, "name": NAMES, "户数": range(9)}, geometry=shapes, crs="EPSG:4326")


def by_gdal(ending: str, driver: str) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        streets().to_file(path := folder / f"sample{ending}", driver=driver)
        return path

    return write


def shapefile(folder: Path) -> Path:
    (inner := folder / "parts").mkdir()
    streets().to_file(inner / "sample.shp", encoding="GBK")
    with zipfile.ZipFile(path := folder / "sample.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for file in inner.iterdir():
            archive.write(file, file.name)
    return path


def geoparquet(folder: Path) -> Path:
    streets().to_parquet(path := folder / "sample.parquet")
    return path


def kmz(folder: Path) -> Path:
    with zipfile.ZipFile(path := folder / "sample.kmz", "w") as archive:
        archive.write(by_gdal(".kml", "LIBKML")(folder), "doc.kml")
    return path


def text(folder: Path) -> Path:
    (path := folder / "sample.csv").write_text(_csv(), encoding="gbk")
    return path


def _csv() -> str:
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow(["网格编码", "名称", "户数", "wkt"])
    writer.writerows([*row[:3], row[3].wkt] for row in streets().itertuples(index=False))
    return lines.getvalue()


def workbook(folder: Path) -> Path:
    book = openpyxl.Workbook()
    for row in csv.reader(io.StringIO(_csv())):
        book.active.append(row)
    book.save(path := folder / "sample.xlsx")
    return path


def extract(ending: str) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        with osmium.SimpleWriter(str(path := folder / f"sample{ending}")) as writer:
            for number in range(1, 20):
                place = (116 + number / 100, 39 + number % 3 / 100)
                writer.add_node(osmium.osm.mutable.Node(id=number, location=place, version=1))
            for number in range(1, 9):
                tags = {"highway": "residential", "name": f"{number}号路"}
                nodes = [number, number + 1, number + 2]
                writer.add_way(osmium.osm.mutable.Way(id=number, nodes=nodes, tags=tags, version=1))
        return path

    return write


GROUND = "110198001000", "110198001001", shapely.box(116, 40, 116.1, 40.1).wkt
"""A street, its community, and the boundary of both."""


def ground(folder: Path) -> Iterator[tuple[str, Path]]:
    """What cells, workers and facilities need: kind and file, in their order."""
    street, community, wkt = GROUND
    for kind, code in (("streets", street), ("communities", community)):
        yield kind, table(f"ground-{kind}.csv", ["code", "name", "wkt"], [code, "甲", wkt])(folder)


def table(name: str, header: Sequence[str], *lines: Sequence[Any]) -> Callable[[Path], Path]:
    """What writes a CSV in GBK."""

    def write(folder: Path) -> Path:
        with (path := folder / name).open("w", encoding="gbk", newline="") as file:
            csv.writer(file).writerows([header, *lines])
        return path

    return write


def nine(*line: Any) -> list[list[Any]]:
    """Nine lines after the first; numbers among its fields go on by a thousandth, texts that end in a digit by one."""
    return [[_next(value, n) for value in line] for n in range(9)]


def _next(value: Any, n: int) -> Any:
    if isinstance(value, float):
        return round(value + n / 1000, 6)
    return f"{value[:-1]}{int(value[-1]) + n}" if isinstance(value, str) and value[-1:] == "1" else value


def cells(folder: Path) -> Path:
    shapes = [shapely.box(116 + n / 100, 40, 116.01 + n / 100, 40.01) for n in range(9)]
    codes = [f"{GROUND[1]}00{n}" for n in range(1, 10)]
    frame = gpd.GeoDataFrame({"网格编码": codes, "类型": "基础网格"}, geometry=shapes, crs="EPSG:4326")
    frame.to_file(path := folder / "cells.geojson")
    return path


STATIONS = table(
    "stations.csv",
    ["编号", "名称", "建筑面积(㎡)", "服务社区", "坐标"],
    *[[f"S{n}", f"{n}站", 200 + n, GROUND[1], f"116.0{n},40.0{n}"] for n in range(1, 10)],
)
HOMES = table("homes.csv", ["楼栋编号", "地址", "户数", "经度", "纬度"], *nine("B1", "1 号", 60, 116.01, 40.01))
WORKERS = table("workers.csv", ["工号", "姓名", "类型", "社区代码"], *nine("W1", "张三", "专职", GROUND[1]))
REQUESTS = table(
    "requests.csv",
    ["案件编号", "小类", "上报时间", "结案时间", "经度", "纬度", "备注"],
    *nine("R1", "暴露垃圾", "2025-03-01 08:00:00", "03/02/2025 09:00:00 AM", 116.01, 40.01, "甲"),
)
HOLIDAYS = table("holidays.csv", ["day", "is_working", "name"], *nine("2027-01-01", "否", "元旦"))


def graphml(folder: Path) -> Path:
    graph = nx.path_graph(9, create_using=nx.MultiDiGraph)
    for node in graph:
        graph.nodes[node].update(x=116 + node / 100, y=39.0)
    nx.write_graphml(graph, path := folder / "sample.graphml")
    return path


SAMPLES: dict[str, tuple[str, Callable[[Path], Path]]] = {
    "csv": ("streets", text),
    "xlsx": ("streets", workbook),
    "geojson": ("streets", by_gdal(".geojson", "GeoJSON")),
    "geojsonl": ("streets", by_gdal(".geojsonl", "GeoJSONSeq")),
    "gpkg": ("streets", by_gdal(".gpkg", "GPKG")),
    "shapefile": ("streets", shapefile),
    "fgb": ("streets", by_gdal(".fgb", "FlatGeobuf")),
    "parquet": ("streets", geoparquet),
    "kml": ("streets", by_gdal(".kml", "LIBKML")),
    "kmz": ("streets", kmz),
    "pbf": ("network", extract(".osm.pbf")),
    "osm": ("network", extract(".osm")),
    "graphml": ("network", graphml),
    "cells": ("cells", cells),
    "facilities": ("facilities", STATIONS),
    "residences": ("residences", HOMES),
    "workers": ("workers", WORKERS),
    "incidents": ("incidents", REQUESTS),
    "calendar": ("calendar", HOLIDAYS),
}
"""Name → what it holds, and what writes it into a folder."""
