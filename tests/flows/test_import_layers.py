"""`wangge import` as people and programs see it, and as a flow under Prefect."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from prefect import get_client
from sqlalchemy import text

from data import reference
from data.database import engine
from data.imports.options import Options
from flows.cli import main
from flows.import_layers import import_layers
from tests.data.files import BOW_TIE, square, write_csv


class Ended(NamedTuple):
    status: int
    stdout: str
    stderr: str


Wangge = Callable[..., Ended]


@pytest.fixture
def ready(database_url: str) -> None:
    """The reference rows are there."""
    with engine().begin() as connection:
        reference.load(connection)


@pytest.fixture
def wangge(ready: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Wangge]:
    """The command `wangge import …` in this process."""

    def call(*arguments: str | Path) -> Ended:
        monkeypatch.setattr(sys, "argv", ["wangge", "import", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        return Ended(int(ended.value.code or 0), *capsys.readouterr())

    yield call
    engine().dispose()


def streets(path: Path, *shapes: str) -> Path:
    return write_csv(
        path / "streets.csv", [{"代码": f"11019900{n}000", "wkt": shape} for n, shape in enumerate(shapes, 1)]
    )


def test_the_last_line_is_the_report_and_the_mending_is_told(wangge: Wangge, tmp_path: Path) -> None:
    file = streets(tmp_path, square(), BOW_TIE)
    done = wangge("streets", file, "--map", "code=代码", "--repair", "--json")
    assert done.status == 0, done.stderr
    report = json.loads(done.stdout.splitlines()[-1])
    assert report.pop("seconds") > 0
    assert report.pop("import_id") > 0
    findings = report.pop("findings")
    assert report == {
        "kind": "streets", "read": 2, "stored": 2, "updated": 0, "unchanged": 0, "rejected": 0, "repaired": 1,
        "rejects_file": None, "remarks": [], "warned": 1, "found": {"parent_unknown": 1},
    }  # fmt: skip
    assert [(finding["check"], finding["line"], finding["value"]) for finding in findings] == [
        ("parent_unknown", 2, "110199000000")
    ]
    assert "line 3 (110199002000): Self-intersection[116.25 39.05] mended, area" in done.stderr


def test_a_file_of_which_nothing_is_good_ends_with_1_and_says_why(wangge: Wangge, tmp_path: Path) -> None:
    done = wangge("streets", streets(tmp_path, BOW_TIE), "--rejects", tmp_path / "rejects.csv")
    assert done.status == 1
    assert "line 2, geometry" in done.stderr and "Self-intersection" in done.stderr
    assert "Self-intersection" in (tmp_path / "rejects.csv").read_text()


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (("rivers", "x.csv"), 2, "'rivers' is not one of"),
        (("streets", "absent.csv"), 1, "there is no file absent.csv"),
    ],
)
def test_wrong_usage_ends_with_2_and_a_refusal_with_1(
    wangge: Wangge, arguments: tuple[str, str], status: int, told: str
) -> None:
    done = wangge(*arguments)
    assert (done.status, told in done.stderr) == (status, True)


@pytest.mark.flow
@pytest.mark.usefixtures("prefect_server")
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_a_flow_run_shows_its_figures(ready: None, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "n.csv", [{"nr": "9", "wkt": square()}])
    report = import_layers("streets", file, Options(columns={"code": "nr"}, under="110199"))
    assert report.stored == 1
    with engine().connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM area WHERE code = '110199009000'")) == 1
    wanted = {"artifacts": {"key": {"any_": ["import-streets"]}}}
    with get_client(sync_client=True) as client:
        assert '"stored": 1' in client.request("POST", "/artifacts/filter", json=wanted).json()[0]["data"]
