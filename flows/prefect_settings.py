"""Prefect's settings for every process of ours, applied to the environment before Prefect is imported.

Its files lie under `$WANGGE_HOME`, it sends nothing to anyone, and it talks to the server that `wangge up` runs. Without
that server a flow started from the command line keeps its record in the same place through a server of its own.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from data import whole_files
from data.settings import settings
from flows.processes import born


def apply() -> None:
    """Set what is not set already, and make the folder, whose parent Prefect would not make."""
    for name, value in chosen(settings().home).items():
        os.environ.setdefault(name, value)
    Path(os.environ["PREFECT_HOME"]).mkdir(parents=True, exist_ok=True)


def keep_quiet() -> None:
    """For commands: the log of a flow run goes to Prefect's server, and a refusal is said once, without a traceback."""
    os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "CRITICAL")


def chosen(home: Path) -> dict[str, str]:
    """Names and values, for a system under `home`."""
    state = running(home)
    return {
        "PREFECT_HOME": str(home / "prefect"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_CLI_PROMPT": "false",
        "PREFECT_EVENTS_WORKER_MAX_QUEUE_SIZE": "10000",
        "DO_NOT_TRACK": "1",
    } | ({"PREFECT_API_URL": str(state["prefect"])} if state else {})


def state_file(home: Path) -> Path:
    """Where `wangge up` writes which process it is and where it serves."""
    return home / "up.json"


def note_running(home: Path, *, web: str, prefect_port: int) -> None:
    """Write it, for this process."""
    state = {"pid": os.getpid(), "born": born(os.getpid()), "web": web}
    state["prefect"] = f"http://127.0.0.1:{prefect_port}/api"
    whole_files.write(state_file(home), json.dumps(state).encode(), mode=0o644)


def running(home: Path) -> dict[str, Any] | None:
    """`pid`, `web` and `prefect` of a running `wangge up`; None when there is none."""
    try:
        state: dict[str, Any] = json.loads(state_file(home).read_text())
    except (OSError, ValueError):
        return None
    return state if born(state["pid"]) == state["born"] else None
