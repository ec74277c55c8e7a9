"""`wangge import`: layers, people, incidents and calendars from files."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from flows import console
from geo.errors import WanggeError

MANY = 20
TERMINAL = "en"
"""The language in which commands speak, where nobody says otherwise."""


class Kind(StrEnum):
    """What can be imported; `data.imports.run.KINDS` has the same."""

    STREETS = "streets"
    COMMUNITIES = "communities"
    CELLS = "cells"
    FACILITIES = "facilities"
    NETWORK = "network"
    RESIDENCES = "residences"
    WORKERS = "workers"
    INCIDENTS = "incidents"
    CALENDAR = "calendar"


def register(app: typer.Typer) -> None:
    app.command("import")(import_file)


def import_file(
    kind: Annotated[Kind, typer.Argument(help="What the file holds.")],
    file: Annotated[Path, typer.Argument(help="Any of the formats in docs/importing.md, packed or not.")],
    *,
    columns: Annotated[
        list[str] | None, typer.Option("--map", help="field=COLUMN, for a column not recognised.")
    ] = None,
    crs: Annotated[str | None, typer.Option(help="EPSG:N of the coordinates; default: what the file says.")] = None,
    datum: Annotated[str | None, typer.Option(help="wgs84, cgcs2000, gcj02 or bd09, of degrees.")] = None,
    repair: Annotated[bool, typer.Option("--repair", help="Mend invalid polygons instead of refusing them.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen; write nothing.")] = False,
    report_file: Annotated[
        Path | None,
        typer.Option("--report", help="Where to write the report as a page with a map, to open without a network."),
    ] = None,
    rejects: Annotated[Path | None, typer.Option(help="Where to write refused rows.")] = None,
    under: Annotated[str | None, typer.Option(help="Code of the unit above, to make full codes from numbers.")] = None,
    codes: Annotated[
        Path | None, typer.Option(help="A list of codes and names, for streets or communities without codes.")
    ] = None,
    provisional: Annotated[
        bool, typer.Option("--provisional", help="Give units that no list knows a provisional code.")
    ] = False,
    derived: Annotated[
        bool, typer.Option("--derived", help="The boundaries are not real but made by a program.")
    ] = False,
    nodes: Annotated[Path | None, typer.Option(help="The nodes of a street network, when they are a file.")] = None,
    timezone: Annotated[str | None, typer.Option(help="Of times without one, such as America/New_York.")] = None,
    layer: Annotated[str | None, typer.Option(help="The layer, when the file has several.")] = None,
    encoding: Annotated[str | None, typer.Option(help="Of texts; default: as marked, else UTF-8, else GBK.")] = None,
    units: Annotated[list[str] | None, typer.Option("--unit", help="field=UNIT, such as floor_area_m2=ft2.")] = None,
    edition: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The file is the whole layer of its ground from this day on."),
    ] = None,
    history: Annotated[
        bool, typer.Option("--history", help="Incidents enter with their life: closed ones are closed, at their time.")
    ] = False,
    swap: Annotated[bool, typer.Option("--swap", help="The file has latitude before longitude.")] = False,
    insist: Annotated[
        bool, typer.Option("--insist", help="Units and coordinates are right, though they look wrong.")
    ] = False,
    language: Annotated[str | None, typer.Option(help="Of what is said about rows, and of the page: zh or en.")] = None,
    as_json: console.AsJson = False,
) -> None:
    """Bring a file into the database: one transaction; refused rows go to a CSV with the reasons.

    Exit status 1 when the file, or every row of it, was refused; rows refused beside others that went in leave it 0.
    """
    from data.imports.columns import parse_map
    from data.imports.options import Options
    from data.settings import settings
    from web.i18n import choose_language

    options = Options(
        parse_map(columns or []),
        crs,
        datum,
        repair,
        derived,
        under,
        codes,
        provisional,
        nodes,
        timezone,
        layer,
        encoding,
        edition=edition.date() if edition else None,
        uploader=getpass.getuser(),
        is_history=history,
        units=parse_map(units or [], "--unit"),
        is_swapped=swap,
        is_insisting=insist,
    )
    said_in = choose_language(language, default=TERMINAL)
    with _saying(TERMINAL if as_json else said_in):
        proposal = _propose(kind.value, file, options) if dry_run else {}
        report = _run(kind.value, file, options, rejects_file=rejects, is_dry=dry_run, language=said_in)
    if report_file is not None:
        _write_page(report_file, report, file, dry_run, choose_language(language, default=settings().language))
    _tell(report, MANY if not dry_run else len(report.findings), said_in)
    console.show(report.figures() | proposal if as_json else report.totals(), as_json=as_json)
    if report.is_refused:
        raise typer.Exit(1)


def _propose(kind: str, file: Path, options: Any) -> dict[str, Any]:
    """Show which column would be read as which field."""
    from data.imports.proposing import propose

    proposal = propose(kind, file, options)
    for column in proposal.columns:
        unit = f" in {column.unit}" if column.unit else ""
        console.say(
            f"{column.field} ← {column.column}{unit} ({column.certainty}, {column.why}): {'; '.join(column.samples)}"
        )
    console.say(f"kept as they are or left out: {', '.join(proposal.unused) or 'no column'}; datum {proposal.datum}")
    return {"proposal": proposal.plain()}


@contextmanager
def _saying(language: str) -> Iterator[None]:
    """Why a file is refused as a whole, in `language`; programs know it by the code and detail of the error."""
    from web.sentences import in_language

    try:
        yield
    except WanggeError as error:
        error.message = in_language(language, error.message)
        raise


def _run(kind: str, file: Path, options: Any, **how: Any) -> Any:
    """`how`: where to write what is refused, in which language, and whether it is only a trial."""
    from flows import import_layers
    from flows.retrying import has_server

    if has_server():
        return import_layers.import_layers(kind, file.resolve(), options, **how)
    with console.reading(file.name) as (step, share):
        return import_layers.run(
            kind,
            file,
            options,
            step=step,
            share=share or import_layers.by_tenths(step),
            **how,
        )


def _write_page(path: Path, report: Any, file: Path, is_dry: bool, language: str) -> None:
    """The report for people; only the owner may read it: it quotes the file."""
    from web import reports

    told = report.kept() | {"file": file.name, "uploader": getpass.getuser(), "is_dry": is_dry}
    path.touch(mode=0o600)
    path.write_text(reports.render(told, language, is_alone=True), encoding="utf-8")


def _tell(report: Any, limit: int, language: str) -> None:
    """What was decided; what was mended, refused and doubted: at most `limit` of each, row by row."""
    from web.sentences import in_language

    for remark in report.remarks:
        console.say(in_language(language, remark))
    for mended in report.repairs[:limit]:
        before, after = mended["area_before_m2"], mended["area_after_m2"]
        areas = f"area {before:,.0f} → {after:,.0f} m² ({after - before:+,.0f})"
        console.say(
            f"line {mended['line']} ({mended['row']}): {in_language(language, mended['reason'])} mended, {areas}"
        )
    for severity, number, what in (("refuse", report.rejected, "refused rows"), ("warn", report.warned, "warnings")):
        shown = [finding for finding in report.findings if finding["severity"] == severity][:limit]
        for finding in shown:
            console.say(_sentence(finding, language))
        if number > len(shown):
            console.say(f"… and {number - len(shown):,} more {what}")


def _sentence(finding: dict[str, Any], language: str) -> str:
    """`line 3, code 12: is not 12 digits`; a warning says of which unit it speaks and that it is one."""
    from web.sentences import in_language

    text = in_language(language, finding["text"])
    line = f"line {finding['line']}, " if "line" in finding else ""
    if finding["severity"] == "refuse":
        return f"{line}{finding['field']} {finding.get('value', '')}: {text}"
    return f"warning, {line}{finding.get('code', '')}: {text} ({finding['check']})"
