"""What the browser does of a search, run in Node beside what kgpub does itself."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from tests.conftest import REPOSITORY

from kgpub.site.browser.rules import rules

WEB = REPOSITORY / "web"
needs_node = pytest.mark.skipif(
    shutil.which("node") is None or not (WEB / "node_modules/esbuild").exists(),
    reason="node is not installed, or its packages are not: cd web && npm ci",
)


class Node:
    """A process that answers questions of `web/test/comparing.ts`."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, what: str, **values: Any) -> Any:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps({"what": what, **values}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "node has ended: see its error above"
        return json.loads(line)


@contextmanager
def node() -> Iterator[Node]:
    """Start the process, which knows the rules."""
    with subprocess.Popen(
        ["node", "comparing.js"],
        cwd=WEB,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        started = Node(process)
        started.ask("rules", rules=rules())
        yield started
        assert process.stdin is not None
        process.stdin.close()
