"""The icons of the installed page, drawn as web/static/icons/mark.svg is: `python -m web.icons` writes them anew."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

from web import tokens
from web.work import ICONS

FOLDER = Path(__file__).parent / "static" / "icons"
SIDE = 32
"""Of the drawing, in units in which all below is given."""
SQUARES = ((7, 7, 14.5, 14.5), (17.5, 7, 25, 14.5), (7, 17.5, 14.5, 25))
DOT = (17, 17, 25.5, 25.5)
ROUND = 7
SAFE = 0.78
"""Of a maskable icon, whose edges a phone may cut off, the part that the drawing takes up."""
FINER = 4
"""Drawn so many times larger, so that edges are smooth."""
PAPER, SPOT = "#ffffff", "colour-state-dispatched"


def draw(size_px: int, *, is_maskable: bool) -> Image.Image:
    """The mark on a rounded square; maskable on a whole one, with room around it."""
    side = size_px * FINER
    image = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    unit = side / SIDE
    pen.rounded_rectangle((0, 0, side, side), 0 if is_maskable else ROUND * unit, fill=tokens.value("colour-primary"))
    scale = SAFE if is_maskable else 1.0

    def placed(box: tuple[float, ...]) -> list[float]:
        return [(SIDE / 2 + (value - SIDE / 2) * scale) * unit for value in box]

    for square in SQUARES:
        pen.rectangle(placed(square), fill=PAPER)
    pen.ellipse(placed(DOT), fill=tokens.value(SPOT))
    return image.resize((size_px, size_px), Image.Resampling.LANCZOS)


def main() -> None:
    for name, size_px, purpose in ICONS:
        draw(size_px, is_maskable=purpose == "maskable").save(FOLDER / name, optimize=True)


if __name__ == "__main__":
    main()
