"""`python -m tests.benchmarks [part of a name …]`: run every benchmark, or those named, and print a line for each figure."""

from __future__ import annotations

import importlib
import pkgutil
import sys

from tests import benchmarks
from tests.benchmarks.report import HEADER


def main(wanted: list[str]) -> None:
    names = [module.name for module in pkgutil.iter_modules(benchmarks.__path__) if module.name.startswith("bench_")]
    print(HEADER, flush=True)
    for name in names:
        if not wanted or any(part in name for part in wanted):
            for row in importlib.import_module(f"{benchmarks.__name__}.{name}").rows():
                print(row, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
