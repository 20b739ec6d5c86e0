"""Processes that tests of the command line start beside what `kgpub` of conftest.py runs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

# The largest of the children's resident sizes: there is only one.
_MEASURED = """
import resource, subprocess, sys
done = subprocess.run([sys.executable, "-m", "kgpub", *sys.argv[1:]])
unit = 1 if sys.platform == "darwin" else 1024
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit, file=sys.stderr)
sys.exit(done.returncode)
"""


def finished(*call: str, cwd: Path, timeout: float = 120) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, in a locale of UTF-8."""
    return subprocess.run(
        call,
        cwd=cwd,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=timeout,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        check=False,
    )


def measured(*arguments: str, cwd: Path) -> tuple[subprocess.CompletedProcess[str], int]:
    """Run kgpub; return what came of it, and the bytes of memory that it took at most."""
    done = finished(sys.executable, "-c", _MEASURED, *arguments, cwd=cwd, timeout=600)
    *told, size = done.stderr.splitlines(keepends=True)
    done.stderr = "".join(told)
    return done, int(size)
