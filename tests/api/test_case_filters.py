"""Whatever is asked for, lists, counts, board, map and tables agree with a plain reading of the same rows."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from geo.lifecycle import DONE, HELD, OPEN, STAGES, Stage, State

COUNT = 90
NOW = datetime.now(UTC)
STREETS = ["110199001000", "110199002000"]
COMMUNITIES = ["110199001001", "110199001002", "110199002001", "110199002002"]
CELLS = [f"{code}00{half}" for code in COMMUNITIES for half in (1, 2)]
CATEGORIES = ["C0101", "C0201", "E0101", "E0302"]
SOURCES = ["grid_worker", "hotline", "resident"]
WORDS = ["井盖", "垃圾", "北门", "KTV", "3号楼"]
NAMED = {"井盖": "C0101", "井": "C0101", "垃圾": "E0101"}
"""Categories whose names have the word: 井盖缺损, 暴露垃圾."""
LEVELS = ["cell", "community", "street"]
HOLDERS = ["worker:1", "worker:2", "desk:110199001001", "desk:110199001000"]
Row = dict[str, Any]

INSERT = text("""
    WITH told AS (
        INSERT INTO incident (id, source, category_code, description, reported_at, lon, lat, datum, geom)
        VALUES (:id, :source, :reported_as, :description, :filed_at, :lon, :lat, 'cgcs2000',
                ST_SetSRID(ST_MakePoint(:lon, :lat), 4490))
    )
    INSERT INTO case_file (id, state, category_code, filed_at, dispatched_at, due_at, closed_at, held_since, level, worker_id,
                           desk_code, located, cell_id, community_id, street_id)
    SELECT :id, :state, :corrected, :filed_at, :dispatched_at, :due_at, :closed_at, :held_since, :level, :worker_id,
           :desk_code, 'inside', cell.id, community.id, street.id
    FROM cell JOIN area AS community ON community.code = cell.community_code AND community.valid_to IS NULL
    JOIN area AS street ON street.code = community.parent_code WHERE cell.code = :cell
""")


class Rows(list[Row]):
    def __repr__(self) -> str:
        return f"{len(self)} rows"


def make(number: int, draw: random.Random) -> Row:
    """A case; moments fall together now and then, so that ties have to be settled."""
    state = draw.choice([*State, State.HANDLING, State.DISPATCHED])
    is_held, filed_at = state in HELD or state in DONE, NOW - timedelta(hours=draw.randrange(240))
    given_at = filed_at + timedelta(minutes=1)
    holder = draw.choice(HOLDERS) if is_held else ""
    has_clock = is_held and state != State.SUSPENDED and draw.random() < 0.7
    cell = draw.choice(CELLS)
    return {
        "id": 1000 + number,
        "state": state,
        "source": draw.choice(SOURCES),
        "reported_as": draw.choice(CATEGORIES),
        "corrected": draw.choice([None, None, draw.choice(CATEGORIES)]),
        "description": draw.choice(WORDS) + draw.choice(WORDS),
        "filed_at": filed_at,
        "dispatched_at": given_at if is_held else None,
        "due_at": NOW + timedelta(hours=draw.choice([-200, -1, 2, 2, 90])) if has_clock else None,
        "closed_at": NOW - timedelta(hours=draw.randrange(48)) if state in DONE and draw.random() < 0.9 else None,
        "held_since": filed_at + timedelta(hours=draw.randrange(3)) if is_held else None,
        "level": draw.choice(LEVELS),
        "worker_id": int(holder[7:]) if holder.startswith("worker") else None,
        "desk_code": holder[5:] if holder.startswith("desk") else None,
        "lon": round(
            116.30 + COMMUNITIES.index(cell[:12]) * 0.01 + (int(cell[-1]) - 1) * 0.005 + draw.random() * 0.005, 6
        ),
        "lat": round(39.90 + draw.random() * 0.01, 6),
        "cell": cell,
    }


@pytest.fixture(scope="module")
def rows(client: TestClient, district: Engine) -> Iterator[Rows]:
    draw = random.Random(5)
    made = Rows(make(number, draw) for number in range(COUNT))
    with district.begin() as connection:
        for row in made:
            connection.execute(INSERT, {**row, "state": str(row["state"])})
    yield made


def category(row: Row) -> str:
    return row["corrected"] or row["reported_as"]


def time_left(row: Row) -> str:
    if row["state"] in DONE:
        return "done"
    if row["state"] == State.SUSPENDED:
        return "stopped"
    if row["due_at"] is None:
        return "none"
    left, whole = row["due_at"] - datetime.now(UTC), row["due_at"] - row["dispatched_at"]
    return "late" if left < timedelta() else "soon" if left < whole / 4 else "ok"


def holder(row: Row) -> str:
    return f"worker:{row['worker_id']}" if row["worker_id"] else f"desk:{row['desk_code']}"


MEETS: dict[str, Callable[[Row, list[str]], bool]] = {
    "stage": lambda row, values: STAGES[row["state"]] in values,
    "state": lambda row, values: row["state"] in values,
    "area": lambda row, values: any(row["cell"].startswith(code.rstrip("0").ljust(9, "0")) for code in values),
    "cell": lambda row, values: row["cell"] in values,
    "category": lambda row, values: any(category(row).startswith(code) for code in values),
    "source": lambda row, values: row["source"] in values,
    "holder": lambda row, values: row["state"] in OPEN and holder(row) in values,
    "late": lambda row, values: time_left(row) in values,
    "level": lambda row, values: row["level"] in values,
    "ids": lambda row, values: str(row["id"]) in values,
}
CHOICES: dict[str, list[str]] = {
    "stage": list(Stage),
    "state": list(State),
    "area": [*STREETS, *COMMUNITIES],
    "cell": CELLS,
    "category": [*CATEGORIES, "C01", "E01"],
    "source": SOURCES,
    "holder": HOLDERS,
    "late": ["late", "soon", "ok", "none", "stopped"],
    "level": LEVELS,
    "ids": [str(1000 + number) for number in range(0, COUNT, 3)],
}
LISTS = st.fixed_dictionaries({}, optional={name: st.lists(st.sampled_from(choices), min_size=1, max_size=4, unique=True)
                                            for name, choices in CHOICES.items()})  # fmt: skip
HOURS = st.integers(0, 240)
BOXES = st.tuples(
    st.floats(116.30, 116.33), st.floats(39.90, 39.906), st.floats(0.002, 0.03), st.floats(0.001, 0.006)
).map(lambda box: (box[0], box[1], box[0] + box[2], box[1] + box[3]))
TYPED = st.lists(st.sampled_from([*WORDS, "井", "门K", "龘", "ktv"]), min_size=1, max_size=2)


@st.composite
def questions(draw: st.DrawFn) -> dict[str, Any]:
    """At most three of the lists, and now and then a time, a box or words."""
    lists = draw(LISTS)
    asked: dict[str, Any] = {name: lists[name] for name in draw(st.permutations(sorted(lists)))[:3]}
    for name, values in {"since": HOURS, "until": HOURS, "bbox": BOXES, "q": TYPED}.items():
        if draw(st.integers(0, 3)) == 0:
            asked[name] = draw(values)
    return asked


def is_met(row: Row, name: str, value: Any) -> bool:
    if name == "since":
        return bool(row["filed_at"] >= NOW - timedelta(hours=value))
    if name == "until":
        return bool(row["filed_at"] < NOW - timedelta(hours=value))
    if name == "bbox":
        return bool(value[0] <= row["lon"] <= value[2] and value[1] <= row["lat"] <= value[3])
    if name == "q":
        return all(word.lower() in row["description"].lower() or category(row) == NAMED.get(word) for word in value)
    return MEETS[name](row, value)


def address(asked: dict[str, Any]) -> str:
    written = {}
    for name, value in asked.items():
        if name in ("since", "until"):
            written[name] = (NOW - timedelta(hours=value)).isoformat()
        else:
            written[name] = (" " if name == "q" else ",").join(map(str, value))
    return urlencode(written)


def by_due(row: Row) -> tuple[Any, ...]:
    if row["state"] in DONE:
        return 2, -(row["closed_at"] or row["filed_at"]).timestamp(), -row["id"]
    return (1, row["id"], 0) if row["due_at"] is None else (0, row["due_at"].timestamp(), row["id"])


def by_held(row: Row) -> tuple[Any, ...]:
    return by_due(row) if row["state"] in DONE else (0, (row["held_since"] or row["filed_at"]).timestamp(), row["id"])


ORDERS: dict[str, Callable[[Row], Any]] = {
    "due": by_due,
    "filed": lambda row: (row["filed_at"], row["id"]),
    "-filed": lambda row: (-row["filed_at"].timestamp(), -row["id"]),
    "-held": by_held,
    "id": lambda row: row["id"],
}


def pages(client: TestClient, question: str, limit: int) -> list[int]:
    found: list[int] = []
    after = ""
    while True:
        response = client.get(f"/api/cases?{question}&limit={limit}{after}")
        assert response.status_code == 200, response.text
        page = response.json()
        assert len(page["cases"]) <= limit
        found += [case["id"] for case in page["cases"]]
        if page["next"] is None:
            return found
        after = "&" + urlencode({"after": page["next"]})


@settings(max_examples=60)
@given(asked=questions(), sort=st.sampled_from(sorted(ORDERS)), limit=st.sampled_from([1, 3, 20, 500]))
def test_lists_agree_with_a_plain_reading(
    client: TestClient, rows: Rows, asked: dict[str, Any], sort: str, limit: int
) -> None:
    met = [row for row in rows if all(is_met(row, name, value) for name, value in asked.items())]
    expected = [row["id"] for row in sorted(met, key=ORDERS[sort])]
    question = address(asked)
    assert pages(client, f"{question}&sort={sort}", limit) == expected
    assert client.get(f"/api/cases/count?{question}").json() == {"count": len(met), "is_exact": True}
    if not {"stage", "state", "ids"} & set(asked):
        shown = client.get(f"/api/cases/map?{question}").json()["features"]
        assert {feature["id"] for feature in shown} == {row["id"] for row in met if row["state"] in OPEN}
        heat = client.get(f"/api/cases/heat?{question}&z=15").json()
        assert sum(square["count"] for square in heat["cells"]) == len(shown)


@settings(max_examples=60)
@given(asked=questions())
def test_the_board_agrees_with_a_plain_reading(client: TestClient, rows: Rows, asked: dict[str, Any]) -> None:
    today = client.get("/api/cases/board").json()["at"][:10]
    is_of_any_day = {"since", "until"} & set(asked)

    def is_shown(row: Row) -> bool:
        closed = (row["closed_at"] or row["filed_at"]).astimezone(datetime.fromisoformat(f"{today}T00:00+08:00").tzinfo)
        return bool(row["state"] in OPEN or is_of_any_day or closed.date().isoformat() >= today)

    met = [row for row in rows if is_shown(row) and all(is_met(row, name, value) for name, value in asked.items())]
    board = client.get(f"/api/cases/board?{address(asked)}").json()
    for column in board["stages"]:
        expected = sorted((row for row in met if STAGES[row["state"]] == column["stage"]), key=by_due)
        assert column["count"] == len(expected)
        for part in ("late", "soon", "ok", "none", "stopped", "done"):
            assert column[part] == sum(time_left(row) == part for row in expected)
        assert [case["id"] for case in column["cases"]] == [row["id"] for row in expected[:30]]


@pytest.mark.parametrize(("actor", "is_seen"), [
    ("desk:110199001000", lambda row: row["cell"].startswith("110199001") or row["desk_code"] == "110199001000"),
    ("desk:110199001001", lambda row: row["cell"].startswith("110199001001") or row["desk_code"] == "110199001001"),
    ("worker:1", lambda row: row["cell"].startswith("110199001001") or row["worker_id"] == 1),
    ("desk:110199000000", lambda row: True), ("desk:000000000000", lambda row: True), ("reporter", lambda row: False),
])  # fmt: skip
def test_everybody_sees_his_ground_and_what_he_has(
    client: TestClient, rows: Rows, actor: str, is_seen: Callable[[Row], bool]
) -> None:
    headers = {"X-Wangge-Actor": actor}
    seen = client.get("/api/cases?limit=500&sort=id", headers=headers).json()["cases"]
    assert [case["id"] for case in seen] == [row["id"] for row in rows if is_seen(row)]
    hidden = next((row["id"] for row in rows if not is_seen(row)), None)
    assert hidden is None or client.get(f"/api/cases/{hidden}", headers=headers).status_code == 404
    exported = client.get("/api/cases/export.csv?lang=en", headers=headers).text.splitlines()
    assert len(exported) == 1 + len(seen)
