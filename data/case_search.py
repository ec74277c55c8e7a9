"""Words that somebody types into the desk's search, as conditions on cases: docs/decisions/0005-search.md.

Every word has to be met, each in one of several ways: as a part of the description, as the number of the case, or by the
name of a place, category or holder.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from itertools import product
from math import prod
from typing import Any, LiteralString

from psycopg import AsyncConnection as PsycopgConnection

from data import sealing
from data.database import Asked, read_together, sql
from data.search import escaped
from geo.persons import Kind

WORDS = 4
"""More are taken as one."""
BRANCHES = 12
RARE = 5000
"""What so many descriptions or fewer have is looked up by number; what more have is soon met on the way along any order."""
SAMPLE, OFTEN = 1000, 10
"""What so many of the newest descriptions have is not looked up at all."""
OFTEN_MET: LiteralString = f"(SELECT word_is_met(%(part0)s, {SAMPLE}))"
MAX_ID = 2**63 - 1
CATEGORY: LiteralString = (
    "coalesce(c.category_code, (SELECT told.category_code FROM incident AS told WHERE told.id = c.id))"
)
"""Subqueries on incidents are what the planner can't begin with: it would, for it takes what they ask for rarer than it is."""
WAYS: dict[str, LiteralString] = {
    "street_ids": "c.street_id = ANY(%({})s::bigint[])",
    "community_ids": "c.community_id = ANY(%({})s::bigint[])",
    "cell_ids": "c.cell_id = ANY(%({})s::bigint[])",
    "category_codes": f"{CATEGORY} = ANY(%({{}})s::text[])",
    "worker_ids": "(c.state NOT IN ('closed', 'evaluated') AND c.worker_id = ANY(%({})s::bigint[]))",
    "agency_ids": "(c.state NOT IN ('closed', 'evaluated') AND c.agency_id = ANY(%({})s::bigint[]))",
}
"""How a word is met by what `case_search.sql` found under its name."""
IN_IDS: LiteralString = "c.id = ANY(%({})s::bigint[])"
Branch = tuple[LiteralString, ...]


async def search(driver: PsycopgConnection[Any], typed: str) -> tuple[list[Branch], dict[str, Any]]:
    """The ways in which all words of `typed` are met, each a list of conditions, and their parameters.

    A case is found by any of the ways. No words, no conditions.
    """
    words = _words(typed)
    parameters: dict[str, Any] = {}
    ways = [await _ways(driver, word, f"q{number}", parameters) for number, word in enumerate(words)]
    if prod(map(len, ways)) > BRANCHES:
        ways = [[told[0], f"({' OR '.join(told[1:])})"] if len(told) > 1 else told for told in ways]
    branches = list(product(*ways))
    if len(words) > 1:
        branches[0] = await _together(driver, words, branches[0], parameters)
    return branches, parameters


def _words(typed: str) -> list[str]:
    """At most `WORDS`, widths and cases made alike as `bigrams` does."""
    return unicodedata.normalize("NFKC", typed).lower().split(maxsplit=WORDS - 1)


async def _ways(
    driver: PsycopgConnection[Any], word: str, prefix: str, parameters: dict[str, Any]
) -> list[LiteralString]:
    """The conditions of which one has to hold; the first is that the description has the word."""
    given = {"typed": word, "part": f"%{escaped(word)}%", "sample": SAMPLE, "digests": sealing.wanted(Kind.NAME, word)}
    named, written = await read_together(driver, [(sql("case_search"), given), _written([word], is_gated=True)])
    known = named[0]
    rare = _if_rare(written) if known["met"] < OFTEN else None
    parameters |= {f"{prefix}_ids": rare, f"{prefix}_part": f"%{escaped(word)}%"}
    ways = [_met_on_the_way(word, prefix) if rare is None else IN_IDS.format(f"{prefix}_ids")]
    if word.isdecimal() and int(word) <= MAX_ID:
        parameters[f"{prefix}_id"] = int(word)
        ways.append(f"c.id = %({prefix}_id)s::bigint")
    for name, condition in WAYS.items():
        if known[name]:
            parameters[f"{prefix}_{name}"] = known[name]
            ways.append(condition.format(f"{prefix}_{name}"))
    return ways


async def _together(
    driver: PsycopgConnection[Any], words: Sequence[str], common: Branch, parameters: dict[str, Any]
) -> Branch:
    """Words that are common each may be rare in one description."""
    (written,) = await read_together(driver, [_written(words)])
    parameters["together"] = _if_rare(written)
    return common if parameters["together"] is None else (IN_IDS.format("together"),)


def _if_rare(rows: Sequence[Mapping[str, Any]]) -> list[int] | None:
    """The ids, unless they are more than `RARE`."""
    return [row["id"] for row in rows] if len(rows) <= RARE else None


def _written(words: Sequence[str], *, is_gated: bool = False) -> Asked:
    """The incidents whose description has all the words, at most one more than `RARE`; with a gate none if the first is common."""
    given: dict[str, Any] = {"pairs": [pair for word in words for pair in pairs(word)], "most": RARE + 1}
    given |= {f"part{number}": f"%{escaped(word)}%" for number, word in enumerate(words)}
    has: LiteralString = " AND ".join(f"{_text(word, 'i')} LIKE %(part{number})s" for number, word in enumerate(words))
    gate: LiteralString = f"AND {OFTEN_MET} < {OFTEN}" if is_gated else ""
    return (
        f"""SELECT i.id FROM incident AS i WHERE bigrams(i.description) @> %(pairs)s::text[] AND {has} {gate} LIMIT %(most)s""",  # noqa: S608
        given,
    )


def _met_on_the_way(word: str, prefix: str) -> LiteralString:
    """A subquery, for the reason told at `CATEGORY`."""
    text = _text(word, "told")
    return f"(SELECT {text} LIKE %({prefix}_part)s FROM incident AS told WHERE told.id = c.id)"  # noqa: S608


def _text(word: str, alias: LiteralString) -> LiteralString:
    """Han characters have neither width nor case, and the text as it stands is compared twenty times faster."""
    is_plain = all(unicodedata.category(letter) == "Lo" for letter in word)
    return f"{alias}.description" if is_plain else f"lower(normalize({alias}.description, NFKC))"


def pairs(word: str) -> list[str]:
    """What `bigrams` must have: each two characters that follow each other, or the only one."""
    return [word[at : at + 2] for at in range(len(word) - 1)] or [word]
