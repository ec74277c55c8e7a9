"""Incidents of another system: moments, categories, keys, and what they become."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from data.imports.options import Options
from data.imports.values import MOMENT_FORMATS, iso, moment
from geo.errors import BadInput
from tests.data.files import counts, put, put_with_rejects, rows, write_csv

BOSTON = "America/New_York"


@pytest.fixture(scope="module")
def start(reference_template: str) -> str:
    return reference_template


def incident(number: object, **more: object) -> dict[str, object]:
    told = {
        "id": number, "type": "Pothole on the way", "reason": "Streets", "ward": "5", "lon": -71.06, "lat": 42.35,
        "opened": "2015-01-01 00:20:09", "target": "", "closed": "",
    }  # fmt: skip
    return told | more


def test_an_incident_waits_to_be_located_and_dispatched(connection: Connection, tmp_path: Path) -> None:
    closed = {"closed": "01/02/2015 09:08:42 AM", "target": "01/16/2015 08:30:00 AM"}
    file = write_csv(tmp_path / "i.csv", [incident(1, **closed)])
    assert counts(put(connection, "incidents", file, timezone=BOSTON)) == (1, 0, 0, 0)
    stored = rows(
        connection, "SELECT idempotency_key, source, lon, lat, datum, ST_AsText(geom), attributes FROM incident"
    )
    assert stored == [
        ("import:1", "system", -71.06, 42.35, "wgs84", "POINT(-71.06 42.35)",
         {"ward": "5", "closed_at": "2015-01-02T14:08:42Z", "due_at": "2015-01-16T13:30:00Z"})
    ]  # fmt: skip
    case = "SELECT state, located, filed_at = reported_at, extract(epoch FROM filed_at)::int FROM case_file"
    assert rows(connection, f"{case} JOIN incident USING (id)") == [("filed", None, True, 1420089609)]
    assert rows(connection, "SELECT event, from_state, to_state, actor FROM case_event") == [
        ("file", None, "filed", "import")
    ]


def test_a_second_import_adds_only_what_is_new(connection: Connection, tmp_path: Path) -> None:
    put(connection, "incidents", write_csv(tmp_path / "i.csv", [incident(1), incident(2)]))
    later = write_csv(tmp_path / "j.csv", [incident(1, closed="2015-02-02"), incident(2), incident(3)])
    assert counts(put(connection, "incidents", later)) == (1, 0, 2, 0)
    assert rows(connection, "SELECT count(*) FROM case_event") == [(3,)]


@pytest.mark.parametrize("opened", ["0001-01-01", "1899-12-30 00:00:00", "0001-01-01T00:00:00Z"])
def test_a_date_that_stands_for_none_is_refused(connection: Connection, tmp_path: Path, opened: str) -> None:
    file = write_csv(tmp_path / "i.csv", [incident(1, opened=opened), incident(2)])
    report, refused = put_with_rejects(connection, "incidents", file)
    assert (report.stored, refused) == (1, [(2, "reported_at", opened, "is no date and time that is known here")])


def test_an_incident_is_never_rewritten(connection: Connection, tmp_path: Path) -> None:
    put(connection, "incidents", write_csv(tmp_path / "i.csv", [incident(1)]))
    report, refused = put_with_rejects(connection, "incidents", write_csv(tmp_path / "i.csv", [incident(1, lat=42.36)]))
    assert refused == [(2, "external_id", "1", "was imported before with another content, which stays")]
    assert report.is_refused
    assert rows(connection, "SELECT lat FROM incident") == [(42.35,)]


def test_without_ids_the_content_is_the_key(connection: Connection, tmp_path: Path) -> None:
    told = [{name: value for name, value in incident(0, ward=ward).items() if name != "id"} for ward in ("5", "6")]
    file = write_csv(tmp_path / "i.csv", [told[0], {**told[1], "opened": "2015-01-01 00:20:10"}])
    assert counts(put(connection, "incidents", file)) == (2, 0, 0, 0)
    assert counts(put(connection, "incidents", file)) == (0, 0, 2, 0)


def test_categories_are_known_by_name_or_added_below_their_parent(connection: Connection, tmp_path: Path) -> None:
    connection.execute(text("INSERT INTO category VALUES ('Z01', NULL, 'event', '噪声甲', 'Noise A', 'test')"))
    file = write_csv(tmp_path / "i.csv", [
        incident(6, type="新小类丙", reason="噪声甲"), incident(1, type="噪声甲"), incident(2, type="noise a"), incident(3),
        incident(4, type="暴露垃圾乙", reason=""), incident(5, reason="Other"),
    ])  # fmt: skip
    put(connection, "incidents", file)
    found = rows(connection, "SELECT c.code, c.name, p.name FROM incident i JOIN category c ON c.code = i.category_code "
                             "LEFT JOIN category p ON p.code = c.parent_code ORDER BY i.idempotency_key")  # fmt: skip
    assert [row[0] for row in found[:2]] == ["Z01", "Z01"]
    assert [row[1:] for row in found[2:]] == [
        ("Pothole on the way", "Streets"),
        ("暴露垃圾乙", "导入"),
        ("Pothole on the way", "Streets"),
        ("新小类丙", "噪声甲"),
    ]
    assert found[2][0].startswith("import-pothole-on-the-way-")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"opened": "yesterday"}, "reported_at"),
        ({"opened": ""}, "reported_at"),
        ({"closed": "2015-13-01 00:00:00"}, "closed_at"),
        ({"type": ""}, "category"),
        ({"id": ""}, "external_id"),
        ({"lon": ""}, "lon"),
        ({"lon": "", "lat": ""}, "geometry"),
    ],
)
def test_what_is_no_report_is_refused(
    connection: Connection, tmp_path: Path, changed: dict[str, str], field: str
) -> None:
    file = write_csv(tmp_path / "i.csv", [incident(1), {**incident(2), **changed}])
    report, refused = put_with_rejects(connection, "incidents", file)
    assert [(row[0], row[1]) for row in refused] == [(3, field)]
    assert counts(report) == (1, 0, 0, 1)


moments = st.integers(10_000_000, 63_000_000).map(
    lambda minute: datetime.fromtimestamp(60 * minute, UTC).replace(tzinfo=None)
)
"""1989 to 2089, in whole minutes."""


@given(
    at=moments,
    form=st.sampled_from([form for form in MOMENT_FORMATS if "%M" in form]),
    zone=st.sampled_from([BOSTON, "Asia/Shanghai"]),
)
def test_every_format_is_read_as_local_time(at: datetime, form: str, zone: str) -> None:
    read = moment(pd.Series([at.strftime(form), None], dtype="str"), Options(timezone=zone))
    assert read.isna().tolist() == [False, True]
    away = abs(read[0].to_pydatetime() - at.replace(tzinfo=ZoneInfo(zone), fold=1))
    assert away.total_seconds() in (0, 3600 * _is_skipped(at, zone))


def _is_skipped(at: datetime, zone: str) -> bool:
    local = at.replace(tzinfo=ZoneInfo(zone))
    return local.astimezone(ZoneInfo("UTC")).astimezone(ZoneInfo(zone)).replace(tzinfo=None) != at


def test_formats_and_offsets_may_mix_in_one_column() -> None:
    told = [
        "2015-01-01T00:00:00Z",
        "2015-01-01T08:00:00+08:00",
        "2015-01-01 08:00:00",
        "01/01/2015 08:00:00 AM",
        "2015年01月01日 08时00分",
        "x",
    ]
    read = moment(pd.Series(told, dtype="str"), Options(timezone="Asia/Shanghai"))
    assert iso(read).tolist()[:5] == ["2015-01-01T00:00:00Z"] * 5
    assert read.isna().tolist() == [False] * 5 + [True]


def test_an_unknown_time_zone_is_refused_by_name() -> None:
    with pytest.raises(BadInput, match="Mars/Olympus"):
        moment(pd.Series(["2015-01-01"], dtype="str"), Options(timezone="Mars/Olympus"))
