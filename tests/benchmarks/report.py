"""One line per measurement: ours, the yardstick, the ratio and what is aimed at."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

COLUMNS = "{:<44} {:>14} {:>14} {:>8}  {}"


@dataclass(frozen=True)
class Row:
    """A measurement in `unit`. `ratio` is how many times better than the yardstick; `aim` says what it should be.

    `paired`: the ratio where each turn was compared with the yardstick's beside it.
    """

    name: str
    ours: float
    unit: str
    yardstick: float | None = None
    yardstick_name: str = ""
    is_smaller_better: bool = True
    aim: str = ""
    paired: float | None = None

    @property
    def ratio(self) -> float | None:
        if self.paired is not None or self.yardstick is None:
            return self.paired
        return self.yardstick / self.ours if self.is_smaller_better else self.ours / self.yardstick

    def __str__(self) -> str:
        yardstick = "" if self.yardstick is None else f"{self.yardstick:,.4g} {self.unit}"
        ratio = "" if self.ratio is None else f"{self.ratio:.2f} ×"
        note = "; ".join(
            part for part in (self.yardstick_name and f"yardstick: {self.yardstick_name}", self.aim) if part
        )
        return COLUMNS.format(self.name, f"{self.ours:,.4g} {self.unit}", yardstick, ratio, note)


HEADER = COLUMNS.format("what", "ours", "yardstick", "ratio", "against; aim")


def seconds(call: Callable[[], object]) -> float:
    """How long one call takes."""
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun
