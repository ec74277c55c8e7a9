"""What of a person's data may be shown to everyone. No units, no coordinates.

Each function leaves what is masked already as it is.
"""

from __future__ import annotations

import re
from typing import Any

STARS = "****"
MOBILE_DIGITS = 11
NUMBERS = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9]{17}[0-9Xx]|(?:\+?86[ -]?)?1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4})(?![0-9A-Za-z])"
)
"""Identity numbers of 18 characters and mobile numbers, also in groups of 3, 4 and 4."""


def mask_name(name: str) -> str:
    """The first character and a star: 张伟 → 张*. An empty name stays empty."""
    return f"{name[0]}*" if name else ""


def mask_phone(phone: str) -> str:
    """138****1234; of a number with fewer digits than a mobile's only the last two. An empty one stays empty."""
    if not phone or STARS in phone:
        return phone
    digits = "".join(character for character in phone if character.isdecimal())
    if len(digits) >= MOBILE_DIGITS:
        return f"{digits[:3]}{STARS}{digits[-4:]}"
    return f"{STARS}{digits[-2:]}" if len(digits) > len(STARS) else STARS


def mask_home(home: str) -> str:
    """That there is one."""
    return STARS if home else ""


def mask_address(url: str) -> str:
    """Of an address to which notices go, by which channel: mailtos://****"""
    return f"{url.partition('://')[0]}://{STARS}" if url else ""


def mask_numbers(text: str) -> str:
    """A text without whole mobile and identity numbers; what else somebody wrote stays."""
    return NUMBERS.sub(_shortened, text)


def mask_named(text: str, name: str | None) -> str:
    """A text without the whole of a name that is known; one of a single character stays, for it stands in other words too."""
    told = (name or "").strip()
    return text.replace(told, mask_name(told)) if len(told) > 1 else text


def mask_texts(value: Any) -> Any:
    """The same for every text within lists and dictionaries."""
    if isinstance(value, str):
        return mask_numbers(value)
    if isinstance(value, dict):
        return {name: mask_texts(inner) for name, inner in value.items()}
    return [mask_texts(inner) for inner in value] if isinstance(value, list) else value


def _shortened(found: re.Match[str]) -> str:
    return f"{found[0][:3]}{STARS}{found[0][-4:]}"
