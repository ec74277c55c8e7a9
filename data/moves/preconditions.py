"""What a move names must be there: the new holder, the verifier, the category, the photos, the parent."""

from __future__ import annotations

from data.dialogues import Dialogue, ask
from geo.cases import Case, Wish, refuse


def check(case: Case, wish: Wish) -> Dialogue[None]:
    """Raises: BadInput naming what there is not."""
    yield from _check_actors(wish)
    yield from _check_category(wish)
    yield from _check_photos(case, wish)


def _check_actors(wish: Wish) -> Dialogue[None]:
    named = {name: actor for name, actor in (("to", wish.to), ("verifier", wish.verifier)) if actor}
    if not named:
        return
    rows = yield ask("known_actors", actors=list(named.values()))
    known = {row["actor"] for row in rows}
    for name, actor in named.items():
        if actor not in known:
            raise refuse(name, actor, "no worker, desk or agency that is there today")


def _check_category(wish: Wish) -> Dialogue[None]:
    if wish.category and not (yield ask("known_category", code=wish.category)):
        raise refuse("category", wish.category, "no such category")


def _check_photos(case: Case, wish: Wish) -> Dialogue[None]:
    if not wish.photos:
        return
    rows = yield ask("photos_of_case", id=case.id, photos=list(wish.photos))
    strange = set(wish.photos) - {row["id"] for row in rows}
    if strange:
        raise refuse("photos", min(strange), "no photo of this case")
