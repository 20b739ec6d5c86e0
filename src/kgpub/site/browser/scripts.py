"""Data as scripts that hand it over, which browsers read also where a site is opened as files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from kgpub.site.files import File

_CALLED = "kgpubShard"
"""The function of a page that takes it: name, build, content."""


def script(folder: str, name: str, build: str, content: Any) -> File:
    """Return the script that hands over a JSON value by its name, which is of a build."""
    return File(f"{folder}{name}.js", partial(_chunks, name, build, content))


def _chunks(name: str, build: str, content: Any) -> Iterator[bytes]:
    told = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    yield f"{_CALLED}({json.dumps(name)},{json.dumps(build)},{told});\n".encode()
