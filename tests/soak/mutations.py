"""What happens to the bytes of a file, whatever its format: flipped, cut, doubled, blanked, spliced, another encoding."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

Bytes = bytearray
Change = Callable[[Bytes, np.random.Generator], Bytes]
WORDS = (b"NaN", b"1e999", b"null", b"-", b"Infinity", b"{", b"]", b"<", b"&#0;", b'"', b",", b"\x00", b"POLYGON EMPTY")


def flip(content: Bytes, random: np.random.Generator) -> Bytes:
    if content:
        content[_place(content, random)] = int(random.integers(256))
    return content


def cut(content: Bytes, random: np.random.Generator) -> Bytes:
    return content[: _place(content, random)]


def remove(content: Bytes, random: np.random.Generator) -> Bytes:
    start = _place(content, random)
    del content[start : start + int(random.integers(1, 200))]
    return content


def insert(content: Bytes, random: np.random.Generator) -> Bytes:
    start = _place(content, random)
    content[start:start] = random.bytes(int(random.integers(1, 20)))
    return content


def repeat(content: Bytes, random: np.random.Generator) -> Bytes:
    start = _place(content, random)
    content[start:start] = content[start : start + int(random.integers(1, 400))]
    return content


def blank(content: Bytes, random: np.random.Generator) -> Bytes:
    start, length = _place(content, random), int(random.integers(1, 64))
    content[start : start + length] = bytes(len(content[start : start + length]))
    return content


def enlarge(content: Bytes, random: np.random.Generator) -> Bytes:
    """Four bytes that may be a length or a count become a very large one."""
    start = _place(content, random)
    content[start : start + 4] = b"\xff\xff\xff\x7f"[: len(content[start : start + 4])]
    return content


def retype(content: Bytes, random: np.random.Generator) -> Bytes:
    """Words that formats understand come where they are not expected."""
    start = _place(content, random)
    word = WORDS[int(random.integers(len(WORDS)))]
    content[start : start + len(word)] = word
    return content


def spliced(head: bytes, tail: bytes, random: np.random.Generator) -> Bytes:
    """The beginning of one file and the rest of another."""
    return Bytes(head[: int(random.integers(1, 600))] + tail[_place(Bytes(tail), random) :])


def reencoded(content: bytes, random: np.random.Generator) -> Bytes:
    """The same text in an encoding that nobody told of, if it is a text."""
    encodings = ("utf-16", "utf-16-be", "utf-32", "big5", "shift_jis", "latin-1", "utf-7")
    for encoding in ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return Bytes(text.encode(str(random.choice(encodings)), "replace"))
    return Bytes(content)


def _place(content: Bytes, random: np.random.Generator) -> int:
    """Anywhere, half of the time near the beginning, where formats say what they are."""
    most = len(content) if random.random() < 0.5 else min(len(content), 512)
    return int(random.integers(max(most, 1)))


CHANGES: tuple[Change, ...] = (flip, flip, flip, cut, remove, insert, repeat, blank, enlarge, retype, retype)
