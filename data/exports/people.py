"""What of people goes into a file: masked, or whole for who asked for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import orjson

from data import sealing
from data.exports.layers import Layer
from geo.masking import mask_numbers, mask_texts
from geo.persons import Kind

SEALED = "_sealed"
MASKED = "_masked"
"""Behind the name of a column that holds only the masked form, so that no import takes it for the whole."""
Values = Mapping[str, Sequence[Any]]
Change = Callable[[Values], Sequence[Any]]


class People:
    """How the columns of a layer change that hold something of people."""

    def __init__(self, layer: Layer, *, is_whole: bool) -> None:
        self.layer, self.is_whole = layer, is_whole
        self.masked = Counter[str]()

    def shown(self, name: str) -> str:
        """What a column is called in the file."""
        return name + MASKED if name in self.layer.people and not self.is_whole else name

    def changes(self) -> dict[str, Change]:
        """By the name of the column, its values from those of all columns."""
        if self.is_whole:
            return {name: partial(_opened, name, kind) for name, kind in self.layer.people.items()}
        return {name: partial(self._without_numbers, name) for name in self.layer.written}

    def remarks(self) -> list[str]:
        return [f"{name}: numbers of people were masked in {count:,} texts" for name, count in self.masked.items()]

    def _without_numbers(self, name: str, values: Values) -> Sequence[Any]:
        told = [text and (_mask_within(text) if text.startswith("{") else mask_numbers(text)) for text in values[name]]
        self.masked[name] += sum(before != after for before, after in zip(values[name], told, strict=True))
        self.masked += Counter()
        return told


def _opened(name: str, kind: Kind, values: Values) -> Sequence[Any]:
    """What was sealed; what never was is as it stands."""
    pairs = zip(values[name], values[name + SEALED], strict=True)
    return [sealing.open_(kind, sealed) if sealed else text for text, sealed in pairs]


def _mask_within(text: str) -> str:
    """An object in JSON with its texts masked; the same text where there is nothing to mask. Any other text as one."""
    try:
        told = orjson.loads(text)
    except orjson.JSONDecodeError:
        return mask_numbers(text)
    masked = mask_texts(told)
    return text if masked == told else orjson.dumps(masked).decode()
