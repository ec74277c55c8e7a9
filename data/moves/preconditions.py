"""What a move names must be there: the new holder, the verifier, the category, the photos, the parent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from data.dialogues import Dialogue, Row, ask
from data.scope import beyond
from geo.cases import Case, Wish, refuse
from geo.errors import Conflict
from geo.lifecycle import DONE, Event


def check(wish: Wish) -> Dialogue[Wish]:
    """The wish with what has to be known of the `parent`. Raises: BadInput naming what there is not; Conflict."""
    yield from _check_actors(wish)
    yield from _check_category(wish)
    if wish.parent is None or wish.event != Event.LINK:
        return wish
    return replace(wish, above=(yield from _above(wish.parent)))


def _above(parent: int) -> Dialogue[frozenset[int]]:
    """The case `parent` and all that it is a double of, held so that none closes or is linked below a double of its own."""
    yield ask("lock_links")
    found = yield ask("lock_parent", id=parent)
    if not found:
        raise refuse("parent", parent, "no such case")
    if found[0]["state"] in DONE:
        raise Conflict(f"case {parent} is closed; nothing can be linked to it", parent=parent)
    return frozenset(row["id"] for row in (yield from beyond(_all_above(parent))))


def _all_above(parent: int) -> Dialogue[list[Row]]:
    return (yield ask("cases_above", id=parent))


def _check_actors(wish: Wish) -> Dialogue[None]:
    named = {name: actor for name, actor in (("to", wish.to), ("verifier", wish.verifier)) if actor}
    if not named:
        return
    known = yield from known_actors(named.values())
    for name, actor in named.items():
        if actor not in known:
            raise refuse(name, actor, "no worker, desk or agency that is there today")


def known_actors(actors: Iterable[str]) -> Dialogue[set[str]]:
    """Those of the workers, desks and agencies that are there today."""
    rows = yield ask("known_actors", actors=list(actors))
    return {row["actor"] for row in rows}


def _check_category(wish: Wish) -> Dialogue[None]:
    if wish.category and not (yield ask("known_category", code=wish.category)):
        raise refuse("category", wish.category, "no such category")


def check_photos(case: Case, wish: Wish) -> Dialogue[None]:
    """Raises: BadInput for a photo of another case."""
    if not wish.photos:
        return
    rows = yield ask("photos_of_case", id=case.id, photos=list(wish.photos))
    strange = set(wish.photos) - {row["id"] for row in rows}
    if strange:
        raise refuse("photos", min(strange), "no photo of this case")
