"""Links are signed by a secret that is drawn once, whoever comes first, and is nobody else's to read."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from data import links
from data.settings import settings
from geo.errors import BadInput, NotFound


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("WANGGE_HOME", str(tmp_path))
    monkeypatch.delenv("WANGGE_SECRET", raising=False)
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


def test_the_secret_is_for_its_owner_alone_and_stays(home: Path) -> None:
    token = links.token(7)
    assert (home / "secret").stat().st_mode & 0o777 == 0o600
    links._kept.cache_clear()
    assert (links.token(7), links.read(token)) == (token, 7)
    assert [path.name for path in home.iterdir()] == ["secret"]


def test_who_draws_at_once_uses_the_same(home: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(links.token, [7] * 50))) == 1


def test_a_given_secret_is_used_and_another_ends_all_links(monkeypatch: pytest.MonkeyPatch) -> None:
    token = links.token(7)
    monkeypatch.setenv("WANGGE_SECRET", "s" * 32)
    settings.cache_clear()
    with pytest.raises(NotFound):
        links.read(token)
    assert links.read(links.token(7)) == 7


def test_a_short_secret_is_refused_without_being_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WANGGE_SECRET", "too-short")
    settings.cache_clear()
    with pytest.raises(BadInput, match="WANGGE_SECRET") as caught:
        settings()
    assert "too-short" not in str(caught.value)
