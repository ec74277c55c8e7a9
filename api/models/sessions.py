"""Signing in and out."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, StringConstraints

from api.dependencies import without_nul
from api.models.base import Shape, example

Name = Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(without_nul)]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(without_nul)]


class SignIn(Shape):
    """Who signs in, with what."""

    model_config = example(name="li.ming", password="k7mfw-2xq9d-hp3ra-w8ecj", wants_token=False)

    name: Name
    password: Secret
    wants_token: bool = False
    """A program asks for the token itself and gets no cookie."""


class DemoSignIn(Shape):
    """Which demo account."""

    model_config = example(name="demo.street")

    name: Name


class SignedIn(Shape):
    """What is still to be done before the product opens, and the token of a program."""

    model_config = example(stage="open", home="/", token=None)

    stage: Literal["second_factor", "password", "enrolment", "open"]
    home: str
    """The page that his office begins with."""
    token: str | None = None


class SignedOut(Shape):
    """Who has gone."""

    model_config = example(account="li.ming")

    account: str
