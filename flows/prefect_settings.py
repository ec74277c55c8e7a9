"""Prefect's settings for every process of ours, applied to the environment before Prefect is imported.

Its files lie under `$WANGGE_HOME`, it sends nothing to anyone, and it talks to the server that `wangge up` runs. Without
that server a flow started from the command line keeps its record in the same place through a server of its own.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from data.settings import settings


def apply() -> None:
    """Set what is not set already."""
    for name, value in chosen(settings().home).items():
        os.environ.setdefault(name, value)


def chosen(home: Path) -> dict[str, str]:
    """Names and values, for a system under `home`."""
    api = running_api(home)
    return {
        "PREFECT_HOME": str(home / "prefect"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_CLI_PROMPT": "false",
        "DO_NOT_TRACK": "1",
    } | ({"PREFECT_API_URL": api} if api else {})


def state_file(home: Path) -> Path:
    """Where `wangge up` writes which process it is and on which ports it serves."""
    return home / "up.json"


def running_api(home: Path) -> str | None:
    """Address of the Prefect server of a running `wangge up`."""
    try:
        state = json.loads(state_file(home).read_text())
        is_alive = Path(f"/proc/{state['pid']}").exists()
    except (OSError, ValueError, KeyError):
        return None
    return str(state["prefect"]) if is_alive else None
