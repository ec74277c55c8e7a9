"""The dispatcher's shifts: `python -m flows.dispatch`."""

from __future__ import annotations

import time

from flows import dispatcher


def main() -> None:
    """Dispatch what waits, for ever."""
    while True:
        dispatcher.drain()
        time.sleep(1)


if __name__ == "__main__":
    main()
