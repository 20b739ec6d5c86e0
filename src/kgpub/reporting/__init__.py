"""What validation found, in the forms that people and programs read, all from one model."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from kgpub.reporting.locations import base_of
from kgpub.reporting.machine import as_json, github, junit, sarif
from kgpub.reporting.page import html
from kgpub.reporting.verdict import Line, Verdict, lines_below, told_once

__all__ = ["FORMS", "Line", "Verdict", "base_of", "lines_below", "told_once"]

FORMS: Mapping[str, Callable[[Verdict], Iterator[str]]] = MappingProxyType(
    {"json": as_json, "html": html, "sarif": sarif, "junit": junit, "github": github}
)
"""By name: a function that yields the text of the report piece by piece."""
