"""A table of people's whole data as CSV or XLSX: who took it, when, and the number of its approval stand on every row and sheet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from data import reference
from data.case_exports import BOM, MOMENT, csv_text, harmless
from data.personal_exports import Taken
from data.settings import settings

HEADINGS = "export_words"
MARK = {"zh": "水印", "en": "Mark"}
NOTICE = {
    "zh": "含个人信息，不得转发；用后删除。编号 {id}，导出人 {account}，批准人 {approved_by}，{at}",
    "en": "People's data: do not pass on, delete after use. No. {id}, taken by {account}, approved by {approved_by}, {at}",
}
ROW_MARK = "{id} · {account} · {at}"
WIDTH = 18


def csv_file(taken: Taken, language: str) -> bytes:
    """For Excel; what begins like a formula is written after an apostrophe."""
    lines = [[_notice(taken, language)], *_lines(taken, language)]
    return (BOM + csv_text([[harmless(value) for value in line] for line in lines])).encode()


def xlsx_file(taken: Taken, language: str) -> bytes:
    """One sheet; the notice above, at the head and foot of every printed page, and a mark at the end of each row."""
    written = BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True})
    sheet, notice = book.add_worksheet(), _notice(taken, language)
    bold, grey = book.add_format({"bold": True, "font_color": "#B00020"}), book.add_format({"font_color": "#9E9E9E"})
    sheet.write_string(0, 0, notice, bold)
    lines = _lines(taken, language)
    for number, line in enumerate(lines, 1):
        _write(sheet, number, line, grey)
    printed = notice.replace("&", "&&")[:250]
    sheet.set_header(f"&C&9{printed}")
    sheet.set_footer(f"&C&9{printed}")
    sheet.set_column(0, len(lines[0]) - 1, WIDTH)
    sheet.freeze_panes(2, 0)
    book.close()
    return written.getvalue()


def _write(sheet: Worksheet, number: int, line: Sequence[Any], mark: Any) -> None:
    """Texts as texts by type, never formulas."""
    for column, value in enumerate(line):
        style = (mark,) if column == len(line) - 1 else ()
        if isinstance(value, str):
            sheet.write_string(number, column, value, *style)
        elif value is not None:
            sheet.write_number(number, column, value)


def _lines(taken: Taken, language: str) -> list[list[Any]]:
    mark = ROW_MARK.format(id=taken.id, account=taken.account, at=_moment(taken.at))
    words = {row["code"]: row[language] for row in reference.rows(HEADINGS) if row["part"] == "personal"}
    headings = [words[name] for name in taken.columns] if taken.columns else []
    return [[*headings, MARK[language]], *([*map(_shown, row), mark] for row in taken.rows)]


def _shown(value: Any) -> Any:
    return _moment(value) if isinstance(value, datetime) else value


def _notice(taken: Taken, language: str) -> str:
    told = {"id": taken.id, "account": taken.account, "approved_by": taken.approved_by, "at": _moment(taken.at)}
    return NOTICE[language].format(**told)


def _moment(at: datetime) -> str:
    return at.astimezone(ZoneInfo(settings().timezone)).strftime(MOMENT)
