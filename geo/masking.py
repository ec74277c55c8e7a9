"""What of a person's data may be shown to everyone. No units, no coordinates."""

from __future__ import annotations


def mask_name(name: str) -> str:
    """The first character and a star: 张伟 → 张*. An empty name stays empty."""
    return f"{name[0]}*" if name else ""
