"""What many tests stand on: workspaces made afresh, and the command line as a person calls it."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from kgpub.pipeline.initial import create_workspace

# How long an example takes tells of the machine; times are measured in benchmarks/.
settings.register_profile("kgpub", deadline=None)
settings.load_profile("kgpub")

# Started by a shell in the background, tests and what they start are given SIGINT as ignored.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

REPOSITORY = Path(__file__).parents[1]
BASE = "https://example.org/data/"

Run = Callable[..., subprocess.CompletedProcess[str]]


def pytest_collection_finish() -> None:
    """Leave thousands of tests out of what the collector of cycles looks through each time."""
    gc.collect()
    gc.freeze()


def create_example(root: Path) -> Path:
    """Make a workspace as `kgpub init` does."""
    create_workspace(root, BASE, "Example", "Me", "https://creativecommons.org/licenses/by/4.0/")
    return root


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """A workspace as `kgpub init` makes it."""
    return create_example(tmp_path / "workspace")


@pytest.fixture(scope="session")
def _built(tmp_path_factory: pytest.TempPathFactory, kgpub: Run) -> Path:
    root = create_example(tmp_path_factory.mktemp("built") / "workspace")
    assert kgpub("build", cwd=root).returncode == 0
    return root


@pytest.fixture
def built(_built: Path, tmp_path: Path) -> Path:
    """The example once it has been built."""
    return Path(shutil.copytree(_built, tmp_path / "workspace"))


@pytest.fixture(scope="session")
def kgpub() -> Run:
    """Run kgpub in a process of its own: `kgpub("build", cwd=folder)`."""

    def run(
        *arguments: str, cwd: Path, stdin: str | None = None, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "kgpub", *arguments],
            cwd=cwd,
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            env={**os.environ, "LC_ALL": "C.UTF-8", "COLUMNS": "200", **environment},
            check=False,
        )

    return run
