"""Notices as text."""

from zoneinfo import ZoneInfo

import pytest

from web.notices import write

CITY = ZoneInfo("Asia/Shanghai")
ROW = {
    "case_id": 7, "kind": "close", "outcome": "with_parent", "category": "井盖", "category_en": "Manhole cover", "due_at": None,
    "street": "瑞和街道", "street_en": "Ruihe", "community": "桥社区", "community_en": None, "cell": "桥社区第1网格",
}  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "place"),
    [("桥社区第1网格", "瑞和街道桥社区第1网格"), ("第1网格", "瑞和街道桥社区第1网格"), (None, "瑞和街道桥社区")],
)
def test_a_place_is_named_without_doubling(cell: str | None, place: str) -> None:
    assert write([ROW | {"cell": cell}], "zh", CITY, "w").body == f"案卷 7 已随主案卷结案 · 井盖 · {place}\n[w]"


def test_another_language_takes_its_own_names_where_there_are_some() -> None:
    message = write([ROW], "en", CITY, "w")
    assert message.title == "Case 7 was closed with the case that it is a double of"
    assert "Manhole cover · Ruihe 桥社区第1网格" in message.body
