"""Every format, each from a small file made here: the same rows come out, whatever the file is called."""

from __future__ import annotations

import gzip
import resource
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import networkx as nx
import openpyxl
import osmium
import pandas as pd
import pytest
import shapely
from sqlalchemy import Connection

from data.imports.columns import wanted
from data.imports.formats import headers, isolation
from data.imports.options import Options
from data.imports.reading import Wanted, read
from data.imports.run import KINDS
from geo.errors import BadFile
from tests.data.files import counts, put, rows, square

CODES = ["110199001000", "110199002000"]
NAMES = ["甲街道", "乙街道"]
STREETS = wanted(Options(), KINDS["streets"].fields, "area")


@pytest.fixture(scope="module")
def start(reference_template: str) -> str:
    return reference_template


def layer() -> gpd.GeoDataFrame:
    shapes = [shapely.from_wkt(square(116.0 + n)) for n in range(2)]
    return gpd.GeoDataFrame({"code": CODES, "name": NAMES}, geometry=shapes, crs="EPSG:4326")


def by_gdal(ending: str, driver: str) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        layer().to_file(folder / f"streets{ending}", driver=driver)
        return folder / f"streets{ending}"

    return write


def zipped(write: Callable[[Path], Path]) -> Callable[[Path], Path]:
    def pack(folder: Path) -> Path:
        (inner := folder / "inner").mkdir()
        write(inner)
        with zipfile.ZipFile(folder / "streets.zip", "w") as archive:
            for file in inner.iterdir():
                archive.write(file, f"一层/{file.name}")
        return folder / "streets.zip"

    return pack


def geoparquet(folder: Path) -> Path:
    layer().to_parquet(folder / "streets.parquet")
    return folder / "streets.parquet"


def gzipped(folder: Path) -> Path:
    path = folder / "streets.geojson.gz"
    path.write_bytes(gzip.compress(by_gdal(".geojson", "GeoJSON")(folder).read_bytes()))
    return path


def kmz(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "streets.kmz", "w") as archive:
        archive.write(by_gdal(".kml", "LIBKML")(folder), "doc.kml")
    return folder / "streets.kmz"


def csv_with_wkt(folder: Path) -> Path:
    frame = layer()
    frame.to_wkt().rename(columns={"geometry": "wkt"}).to_csv(folder / "streets.csv", index=False)
    return folder / "streets.csv"


FORMATS = {
    "geojson": by_gdal(".geojson", "GeoJSON"),
    "lines": by_gdal(".geojsonl", "GeoJSONSeq"),
    "geopackage": by_gdal(".gpkg", "GPKG"),
    "shapefile": by_gdal(".shp", "ESRI Shapefile"),
    "zipped shapefile": zipped(by_gdal(".shp", "ESRI Shapefile")),
    "zipped geojson": zipped(by_gdal(".geojson", "GeoJSON")),
    "packed geojson": gzipped,
    "flatgeobuf": by_gdal(".fgb", "FlatGeobuf"),
    "geoparquet": geoparquet,
    "kml": by_gdal(".kml", "LIBKML"),
    "kmz": kmz,
    "csv": csv_with_wkt,
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_brings_the_same_streets(connection: Connection, tmp_path: Path, name: str) -> None:
    file = FORMATS[name](tmp_path)
    assert counts(put(connection, "streets", file)) == (2, 0, 0, 0)
    assert rows(connection, "SELECT code, name, ST_AsText(ST_Envelope(geom)) FROM area ORDER BY code")[0] == (
        CODES[0],
        NAMES[0],
        "POLYGON((116 39,116 39.1,116.1 39.1,116.1 39,116 39))",
    )


@pytest.mark.parametrize("name", ["geojson", "lines", "geopackage", "flatgeobuf", "geoparquet", "kml"])
def test_what_a_file_is_called_does_not_matter(tmp_path: Path, name: str) -> None:
    file = FORMATS[name](tmp_path)
    assert len(read(file.rename(tmp_path / "交付数据")).frame) == 2


def test_a_batch_knows_how_far_it_is_and_lines_go_on(tmp_path: Path) -> None:
    from data.imports.reading import batches

    for name in ("geojson", "csv"):
        parts = list(batches(FORMATS[name](tmp_path), Wanted(rows=1)))
        assert [list(part.lines) for part in parts] == ([[1], [2]] if name == "geojson" else [[2], [3]])
        assert parts[-1].share == 1


# --- shapefiles ------------------------------------------------------------------------------------------------------


def shapefile(folder: Path, encoding: str, cpg: str | None) -> Path:
    layer().to_file(path := folder / "s.shp", encoding=encoding)
    path.with_suffix(".cpg").unlink(missing_ok=True)
    if cpg:
        path.with_suffix(".cpg").write_text(cpg)
    return path


@pytest.mark.parametrize(("encoding", "cpg"), [("GBK", None), ("UTF-8", None), ("GBK", "GBK"), ("GBK", "UTF-8")])
def test_the_texts_of_a_shapefile_are_read_whatever_its_cpg_says(
    tmp_path: Path, encoding: str, cpg: str | None
) -> None:
    table = read(shapefile(tmp_path, encoding, cpg))
    assert table.frame["name"].tolist() == NAMES
    assert bool(table.remarks) is (encoding != cpg)


@pytest.mark.parametrize("ending", [".dbf", ".shx"])
def test_a_shapefile_without_a_part_is_refused_by_its_name(tmp_path: Path, ending: str) -> None:
    file = shapefile(tmp_path, "UTF-8", None)
    file.with_suffix(ending).unlink()
    with pytest.raises(BadFile, match=rf"s\.shp: s\{ending} "):
        read(file)
    with pytest.raises(BadFile, match="part of a shapefile"):
        read(file.with_suffix(".prj"))


# --- layers and geometries -------------------------------------------------------------------------------------------


def test_of_several_layers_the_one_of_the_right_shape_is_read_and_said(tmp_path: Path) -> None:
    file = tmp_path / "all.gpkg"
    layer().to_file(file, layer="streets")
    layer().set_geometry(layer().boundary).to_file(file, layer="outlines")
    table = read(file, STREETS)
    assert table.remarks == ["read layer streets, the only one of areas among 2"]
    with pytest.raises(BadFile, match=r"choose one with --layer \(streets, outlines\)"):
        read(file)


def test_heights_and_measures_are_left_out(tmp_path: Path) -> None:
    frame = layer().set_geometry(shapely.force_3d(layer().geometry.to_numpy(), 7.0), crs=4326)
    frame.to_file(tmp_path / "high.gpkg")
    table = read(tmp_path / "high.gpkg")
    assert table.shapes is not None
    assert not shapely.has_z(table.shapes).any()


KML = """<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>
<Folder><name>北片</name><Placemark><name>甲站</name><description><![CDATA[<b>旧</b><table><tr><td>编号</td><td>Z1</td></tr>
<tr><td>建筑面积</td><td>230</td></tr></table>]]></description>
<Point><coordinates>116.1,39.1,0</coordinates></Point></Placemark></Folder>
<Folder><name>南片</name><Placemark><name>乙站</name><ExtendedData><Data name="编号"><value>Z2</value></Data></ExtendedData>
<Point><coordinates>116.2,39.2,0</coordinates></Point></Placemark></Folder></Document></kml>"""


def test_folders_of_a_kml_are_one_layer_and_tables_in_descriptions_are_columns(
    connection: Connection, tmp_path: Path
) -> None:
    (tmp_path / "phone.kml").write_text(KML)
    assert counts(put(connection, "facilities", tmp_path / "phone.kml")) == (2, 0, 0, 0)
    query = "SELECT code, name, floor_area_m2, attributes ->> 'folder', attributes ->> 'description' FROM facility ORDER BY code"
    assert rows(connection, query) == [
        ("Z1", "甲站", 230, "北片", "旧 编号 Z1 建筑面积 230"),
        ("Z2", "乙站", None, "南片", None),
    ]


# --- workbooks -------------------------------------------------------------------------------------------------------


def workbook(path: Path, *sheets: tuple[str, list[list[object]], list[str]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, cells, merged in sheets:
        sheet = book.create_sheet(name)
        for row in cells:
            sheet.append(row)
        for span in merged:
            sheet.merge_cells(span)
    book.save(path)
    return path


def test_a_sheet_is_chosen_by_its_columns_and_titles_are_left_out(connection: Connection, tmp_path: Path) -> None:
    cells: list[list[object]] = [
        ["某街道社区基本情况表", None, None, None],
        ["社区代码", "社区名称", "坐标", None],
        [None, None, "经度", "纬度"],
        [110199001001, "甲", 116.05, 39.05],
        [None, None, None, None],
        [110199001002, "乙", None, None],
    ]
    file = workbook(
        tmp_path / "b.xlsx",
        ("说明", [["此表", "用于"], ["填报", "说明"]], []),
        ("数据", cells, ["A1:D1", "A2:A3", "B2:B3", "C2:D2"]),
    )
    report = put(connection, "communities", file)
    assert counts(report) == (2, 0, 0, 0)
    assert report.remarks[:2] == [
        "read sheet 数据, which has the most known columns of 2 sheets",
        "the header is row 2; 1 above it left out",
    ]
    assert rows(connection, "SELECT code, name, ST_AsText(point) FROM area ORDER BY code") == [
        ("110199001001", "甲", "POINT(116.05 39.05)"),
        ("110199001002", "乙", None),
    ]


def test_lines_of_a_workbook_are_rows_of_its_sheet(tmp_path: Path) -> None:
    file = workbook(tmp_path / "b.xlsx", ("a", [["code", "name"], ["1", "x"], [None, None], ["2", "y"]], []))
    assert list(read(file).lines) == [2, 4]


def test_a_merged_cell_means_its_value_for_all_its_rows(tmp_path: Path) -> None:
    file = workbook(tmp_path / "b.xlsx", ("a", [["street", "name"], ["甲", "x"], [None, "y"]], ["A2:A3"]))
    assert read(file).frame["street"].tolist() == ["甲", "甲"]


def test_of_sheets_that_look_alike_one_must_be_chosen(tmp_path: Path) -> None:
    cells: list[list[object]] = [["code", "name"], ["1", "x"]]
    file = workbook(tmp_path / "b.xlsx", ("东", cells, []), ("西", cells, []))
    with pytest.raises(BadFile, match=r"choose one with --layer \(东, 西\)"):
        read(file, STREETS)
    assert len(read(file, Wanted(layer="西")).frame) == 1


# --- texts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_any_delimiter_and_encoding(tmp_path: Path, delimiter: str, encoding: str) -> None:
    lines = [["代码", "名称, 全称"], ["1", "甲; 乙"], ["2", "丙"]]
    text = "\r\n".join(delimiter.join(f'"{value}"' for value in line) for line in lines)
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    assert read(tmp_path / "a.csv").frame.to_numpy().tolist() == lines[1:]


def test_titles_above_the_header_of_a_text_are_left_out_and_a_name_may_come_twice(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("填报表,,\n,,\ncode,备注,备注\n1,a,b\n")
    table = read(tmp_path / "a.csv")
    assert (list(table.frame.columns), list(table.lines)) == (["code", "备注", "备注 (2)"], [4])
    assert table.remarks == [
        "the header is row 3; 2 above it left out",
        "two columns are named 备注: the later one is called 备注 (2)",
    ]


def test_names_of_two_levels_are_joined() -> None:
    merged = [headers.Merged(0, 1, 0, 2), headers.Merged(0, 0, 1, 0)]
    found = headers.find([["编码", "坐标", ""], ["", "经度", "纬度"], ["1", "116", "39"]], merged)
    assert (found.names, found.end) == (["编码", "坐标/经度", "坐标/纬度"], 2)


# --- networks --------------------------------------------------------------------------------------------------------


def extract(path: Path) -> Path:
    """Two streets that cross at node 2, one of them one-way backwards; a footpath to nowhere known; a building."""
    with osmium.SimpleWriter(str(path)) as writer:
        for number, place in enumerate([(116.0, 39.0), (116.01, 39.0), (116.02, 39.0), (116.01, 39.01)], start=1):
            writer.add_node(osmium.osm.mutable.Node(id=number, location=place, version=1))
        for number, nodes, tags in [
            (10, [1, 2, 3], {"highway": "residential", "name": "横街"}),
            (11, [2, 4], {"highway": "footway", "oneway": "-1"}),
            (12, [1, 9], {"highway": "path"}),
            (13, [1, 2, 4, 1], {"building": "yes"}),
        ]:
            writer.add_way(osmium.osm.mutable.Way(id=number, nodes=nodes, tags=tags, version=1))
    return path


EDGES = "SELECT external_id, source_id, target_id, kind, name, is_oneway, round(length_m) FROM street_edge ORDER BY 1"


@pytest.mark.parametrize("ending", [".osm.pbf", ".osm"])
def test_streets_of_openstreetmap_are_cut_where_they_meet(connection: Connection, tmp_path: Path, ending: str) -> None:
    assert counts(put(connection, "network", extract(tmp_path / f"extract{ending}"))) == (3, 0, 0, 0)
    assert rows(connection, EDGES) == [
        ("10-0", 1, 2, "residential", "横街", False, 866),
        ("10-1", 2, 3, "residential", "横街", False, 866),
        ("11-0", 4, 2, "footway", None, True, 1110),
    ]


def test_a_graphml_is_a_network(connection: Connection, tmp_path: Path) -> None:
    graph = nx.MultiDiGraph(crs="epsg:4326")
    graph.add_node("a", x="116.0", y="39.0")
    graph.add_node("b", x="116.01", y="39.0")
    graph.add_edge(
        "a", "b", highway="residential", length="866.0", oneway="True", geometry="LINESTRING (116 39, 116.01 39)"
    )
    graph.add_edge("b", "a", highway="residential")
    nx.write_graphml(graph, tmp_path / "g.graphml")
    assert counts(put(connection, "network", tmp_path / "g.graphml")) == (2, 0, 0, 0)
    assert rows(connection, "SELECT external_id, source_id, target_id, is_oneway FROM street_edge ORDER BY 1") == [
        ("1-2", 1, 2, True),
        ("2-1", 2, 1, False),
    ]


def test_parquet_without_geometry_has_its_place_in_columns(tmp_path: Path) -> None:
    pd.DataFrame({"code": CODES, "lon": [116.0, 116.1], "lat": [39.0, 39.1]}).to_parquet(tmp_path / "p.parquet")
    table = read(tmp_path / "p.parquet")
    assert (table.shapes, list(table.frame.columns)) == (None, ["code", "lon", "lat"])


def test_the_bound_of_memory_goes_with_the_last_who_imports() -> None:
    before = resource.getrlimit(resource.RLIMIT_AS)
    first, second = isolation.bounded(512, Path("a.csv")), isolation.bounded(512, Path("b.csv"))
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert resource.getrlimit(resource.RLIMIT_AS) != before
    second.__exit__(None, None, None)
    assert resource.getrlimit(resource.RLIMIT_AS) == before
