"""Group faces into communities, streets and districts whose borders follow streets and barriers. Metres, the city's zone."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.demo import names
from data.demo.homes import Homes
from data.demo.network import Network
from data.demo.numbers import apportion
from data.demo.warp import ZONE
from geo.blocks import Bools, Floats, Ints, Shapes, borders, cut_costs, totals
from geo.cutting import number_cells
from geo.errors import OutsideRange
from geo.partition import BlockGraph, divide, subgraph

COMMUNITIES_PER_DISTRICT = 148
STREETS_PER_DISTRICT = 15
CITY = ("110100000000", "云澜市", "Yunlan")
FIRST_DISTRICT = names.Stem("望阁", "Wangge")
FIRST_COUNTY = 110199
"""County codes count down from here; none of them is in use."""
MOST_COMMUNITIES = 70 * COMMUNITIES_PER_DISTRICT
HOUSEHOLDS_PER_HECTARE = 8
"""What open ground counts when faces are shared out, so that a park doesn't come for nothing."""
TRIES = 6


@dataclass(frozen=True)
class Units:
    """The unit of each face, and one row per unit with its `code` and `parent_code`, in the order of codes."""

    community_of: Ints
    communities: pd.DataFrame
    streets: pd.DataFrame
    districts: pd.DataFrame


def gather(network: Network, households: Ints, communities: int, rng: np.random.Generator) -> Units:
    """Share the faces out: the city into districts, these into streets, these into communities."""
    geometry = network.faces["geometry"].to_numpy()
    graph = face_graph(network, households)
    district = _split(graph, np.zeros(len(graph), dtype=np.int64), [_district_sizes(communities)], rng)
    streets = [_street_sizes(size, rng) for size in _district_sizes(communities)]
    street = _split(graph, district, streets, rng)
    sizes = np.concatenate([_ranked(each, graph, street, district == number) for number, each in enumerate(streets)])
    community = _split(graph, street, [np.clip(rng.normal(1, 0.25, size), 0.6, 1.6) for size in sizes], rng)
    return _coded(geometry, district, street, community)


def face_graph(network: Network, households: Ints) -> BlockGraph:
    """Faces with households (and a little for open ground), and what borders between them cost."""
    geometry = network.faces["geometry"].to_numpy()
    ways = network.ways
    touching = borders(geometry, ways["geometry"].to_numpy(), cut_costs(ways["kind"].to_numpy()))
    open_ground = np.rint(shapely.area(geometry) / 10_000 * HOUSEHOLDS_PER_HECTARE).astype(np.int64)
    return BlockGraph(households + open_ground, touching)


def check_size(communities: int) -> None:
    if not 1 <= communities <= MOST_COMMUNITIES:
        raise OutsideRange(f"a demo has 1 to {MOST_COMMUNITIES} communities, not {communities}")


def _district_sizes(communities: int) -> Ints:
    count = max(1, round(communities / COMMUNITIES_PER_DISTRICT))
    return apportion(communities, np.ones(count))


def _street_sizes(communities: int, rng: np.random.Generator) -> Ints:
    """Communities in each street of a district."""
    count = max(1, round(communities * STREETS_PER_DISTRICT / COMMUNITIES_PER_DISTRICT))
    return 1 + apportion(communities - count, rng.uniform(0.75, 1.25, count))


def _ranked(sizes: Ints, graph: BlockGraph, street: Ints, members: Floats) -> Ints:
    """Give the heaviest street of a district its largest size, and so on."""
    present, index = np.unique(street[members], return_inverse=True)
    weight = totals(index, graph.weight[members], len(present))
    ranked = np.zeros(len(present), dtype=np.int64)
    ranked[np.argsort(weight, kind="stable")] = np.sort(sizes)
    return ranked


def _split(graph: BlockGraph, parent: Ints, shares: list[Floats] | list[Ints], rng: np.random.Generator) -> Ints:
    """Split each parent into as many groups as it has shares; labels go on through all parents."""
    label = np.zeros(len(graph), dtype=np.int64)
    first = 0
    for number, wanted in enumerate(shares):
        members = np.flatnonzero(parent == number)
        part = subgraph(graph, members)
        label[members] = first + divide(part, wanted / np.sum(wanted), seed=int(rng.integers(1 << 30)), tries=TRIES)
        first += len(wanted)
    return label


def _coded(geometry: Shapes, district: Ints, street: Ints, community: Ints) -> Units:
    """Number units north to south, west to east inside their parent, and give them codes."""
    tree = pd.DataFrame({"district": district, "street": street, "community": community})
    tree["row"] = np.arange(len(tree))
    districts = _level(geometry, tree, "district", None)
    districts["code"] = [f"{FIRST_COUNTY - number + 1}000000" for number in districts["number"]]
    streets = _level(geometry, tree, "street", "district").join(districts["code"].rename("parent_code"), on="parent")
    streets["code"] = streets["parent_code"].str[:6] + streets["number"].map("{:03d}000".format)
    communities = _level(geometry, tree, "community", "street").join(streets["code"].rename("parent_code"), on="parent")
    communities["code"] = communities["parent_code"].str[:9] + communities["number"].map("{:03d}".format)
    ordered = communities.sort_values("code")
    place = pd.Series(np.arange(len(ordered)), index=ordered.index)
    return Units(
        place[community].to_numpy(),
        ordered.reset_index(drop=True),
        streets.sort_values("code").reset_index(drop=True),
        districts.assign(parent_code=CITY[0]).sort_values("code").reset_index(drop=True),
    )


def _level(geometry: Shapes, tree: pd.DataFrame, level: str, parent: str | None) -> pd.DataFrame:
    """One row per unit, indexed by its label: `parent` label, `number` inside the parent, `geometry`."""
    groups = tree.groupby(level)["row"]
    shapes = [
        shapely.multipolygons(shapely.get_parts(shapely.coverage_union_all(geometry[rows]))) for _, rows in groups
    ]
    parents = tree.groupby(level)[parent].first().to_numpy() if parent else np.zeros(len(shapes), dtype=np.int64)
    units = gpd.GeoDataFrame({"label": np.arange(len(shapes)), "parent": parents}, geometry=shapes)
    numbered = [number_cells(family) for _, family in units.groupby("parent")]
    return pd.DataFrame(pd.concat(numbered)).set_index("label").sort_index()


def named(units: Units, is_old: list[bool], rng: np.random.Generator) -> pd.DataFrame:
    """All four levels as rows `code, level, parent_code, name, name_en, geometry`, the city first."""
    city = pd.DataFrame([{"code": CITY[0], "level": "city", "parent_code": None, "name": CITY[1], "name_en": CITY[2]}])
    city["geometry"] = [shapely.multipolygons(shapely.get_parts(shapely.coverage_union_all(_parts(units.districts))))]
    chinese, english = names.communities(rng, is_old)
    districts = [FIRST_DISTRICT, *names.stems(rng, len(units.districts) - 1)]
    levels = [
        _titled(units.districts, "district", districts, ("区", "District")),
        _titled(units.streets, "street", names.stems(rng, len(units.streets)), ("街道", "Street")),
        units.communities.assign(level="community", name=chinese, name_en=english),
    ]
    columns = ["code", "level", "parent_code", "name", "name_en", "geometry"]
    return pd.concat([city, *levels], ignore_index=True)[columns]


def _parts(units: pd.DataFrame) -> Shapes:
    return np.asarray(shapely.get_parts(units["geometry"].to_numpy()))


def _titled(units: pd.DataFrame, level: str, stems: list[names.Stem], suffix: tuple[str, str]) -> pd.DataFrame:
    chinese = [stem.zh + suffix[0] for stem in stems]
    english = [f"{stem.en} {suffix[1]}" for stem in stems]
    return units.assign(level=level, name=chinese, name_en=english)


def old_share(found: Units, is_old: Bools, households: Ints) -> Floats:
    """Share of each community's households that live in old quarters, given both for each face."""
    count = len(found.communities)
    old = totals(found.community_of, np.where(is_old, households, 0), count)
    return np.asarray(old / np.maximum(1, totals(found.community_of, households, count)))


def described(named_units: pd.DataFrame, found: Units, homes: Homes, is_old: Bools) -> gpd.GeoDataFrame:
    """All levels with area class, households and residents, in the city's zone."""
    codes = found.communities["code"]
    at = found.community_of[homes.face]
    held = {each: totals(at, getattr(homes, each), len(codes)).astype(np.int64) for each in ("households", "residents")}
    people = pd.DataFrame(held, index=pd.Index(codes))
    upper = [people.groupby(people.index.str[:digits].str.ljust(12, "0")).sum() for digits in (9, 6)]
    everywhere = people.sum().to_frame(CITY[0]).T
    counted = pd.concat([people, *upper, everywhere]).loc[named_units["code"]].reset_index(drop=True)
    classes = dict(zip(codes, np.where(is_old, "old_city", "new").tolist(), strict=True))
    area_class = pd.Series([classes.get(code) for code in named_units["code"]], dtype=object)
    areas = named_units.assign(area_class=area_class, **counted)
    return gpd.GeoDataFrame(areas, geometry="geometry", crs=ZONE)
