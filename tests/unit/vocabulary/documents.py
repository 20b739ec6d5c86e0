"""Files as an editor sees them: YAML 1.2, whose scalars have types before any key is looked at."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, ClassVar

import yaml

ROOT = Path(__file__).parents[3]
SEED = ROOT / "articles" / "al-kadhimi-and-kurdistan"
CORE = {
    "null": r"~|null|Null|NULL|",
    "bool": r"true|True|TRUE|false|False|FALSE",
    "int": r"[-+]?[0-9]+",
    "float": r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?",
}
"""Plain scalars of the core schema (YAML 1.2.2, section 10.3.2), as far as they occur."""


class _Core(yaml.SafeLoader):
    yaml_implicit_resolvers: ClassVar[dict[str, list[Any]]] = {}


for _name, _pattern in CORE.items():
    _Core.add_implicit_resolver(f"tag:yaml.org,2002:{_name}", re.compile(f"(?:{_pattern})$"), None)
_Core.add_constructor("tag:yaml.org,2002:int", lambda _, node: int(node.value))


def read(text: str) -> Any:
    """The content of a YAML file, as editors read it."""
    return yaml.load(text, _Core)


def read_file(path: Path) -> Any:
    return read(path.read_text(encoding="utf-8"))
