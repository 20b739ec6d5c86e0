"""Named queries at the command line: values of their parameters, and names that none has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from rapidfuzz import fuzz, process

from kgpub.errors import CallError
from kgpub.store import Binding
from kgpub.store.named_queries import NamedQuery, catalogue


def bindings(
    query: NamedQuery, given: Iterable[str], prefixes: Mapping[str, str]
) -> dict[str, Binding]:
    """Return the values of `given`, each `name=value`. Raises CallError."""
    known = {parameter.name: parameter for parameter in query.parameters}
    values: dict[str, Binding] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or name not in known:
            remedy = "Parameters: " + (", ".join(_usage(query)) or "none.")
            raise CallError(f"{text!r} is no parameter of {query.name}", remedy)
        if name in values:
            raise CallError(f"the parameter {name} is given twice", "Give it one value.")
        values[name] = known[name].value(value, prefixes)
    missing = known.keys() - values.keys()
    if missing:
        remedy = "Give " + " ".join(f"--param {usage}" for usage in _usage(query))
        raise CallError(f"{query.name} needs {', '.join(sorted(missing))}", remedy)
    return values


def _usage(query: NamedQuery) -> Iterator[str]:
    for parameter in query.parameters:
        yield f"{parameter.name}={parameter.type.upper()}"


def unknown(name: str, folders: Iterable[Path]) -> CallError:
    """Return the error for a name that no query has."""
    names = [query.name for query in catalogue(folders)]
    nearest = process.extractOne(name, names, scorer=fuzz.ratio, score_cutoff=70)
    hint = f"Did you mean {nearest[0]}? " if nearest else ""
    return CallError(f"there is no query {name!r}", f"{hint}See them all with: kgpub query --list")
