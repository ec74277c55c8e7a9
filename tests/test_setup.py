"""What a stranger runs first: `make`, on a machine where everything or nothing is installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from data.settings import CHECKOUT


def run(*argv: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        argv,
        cwd=CHECKOUT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


@pytest.mark.parametrize("target", ["setup", "run", "test", "check", "bench", "soak"])
def test_every_promised_target_is_there(target: str) -> None:
    assert run("make", "--dry-run", target).returncode == 0


def test_a_second_set_up_is_silent_and_quick() -> None:
    assert run("make", "--no-print-directory", "setup").returncode == 0
    begun = time.monotonic()
    done = run("make", "--no-print-directory", "setup")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert time.monotonic() - begun < 5


def test_without_root_and_sudo_one_line_says_what_to_install(tmp_path: Path) -> None:
    for name in ("dirname", "dpkg-query", "apt-get", "apt-cache", "grep", "sed", "ls"):
        (tmp_path / name).symlink_to(shutil.which(name) or "/bin/false")
    (tmp_path / "id").write_text("#!/bin/sh\necho 1000\n")
    (tmp_path / "dpkg-query").unlink()
    (tmp_path / "dpkg-query").symlink_to("/bin/false")
    (tmp_path / "id").chmod(0o755)
    done = run("/bin/sh", ".ci/setup", "--for-tests", PATH=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr == "setup: needs root or sudo once, to run: apt-get install chromium\n"


def test_the_lock_files_name_no_host() -> None:
    for name in ("requirements.lock", "package-lock.json"):
        assert re.findall(r"https?://", (CHECKOUT / name).read_text()) == []


def test_every_locked_package_has_its_hashes() -> None:
    entries = re.split(r"\n(?=\S)", (CHECKOUT / "requirements.lock").read_text().strip())
    assert len(entries) > 50
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
