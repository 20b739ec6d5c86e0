"""The files that are made of a store."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pyoxigraph import Quad, RdfFormat, parse
from tests.release.vocabularies.cases import BASE

from kgpub.release.vocabularies import contents
from kgpub.store import Queryable


def made(store: Queryable, folder: Path, language: str = "en") -> dict[str, bytes]:
    """Return the files by name, without the folder."""
    return {
        content.path.removeprefix("vocabularies/"): b"".join(content.chunks())
        for content in contents(store, BASE, folder, language)
    }


def quads(content: bytes) -> set[Quad]:
    """Return the quads of N-Triples or N-Quads."""
    return set(parse(content, format=RdfFormat.N_QUADS))


def short(content: bytes) -> set[tuple[str, str, str]]:
    """Return triples, with the last part of IRIs and the text of literals."""
    return {
        (_short(str(q.subject)), _short(str(q.predicate)), _short(str(q.object)))
        for q in quads(content)
    }


def _short(term: str) -> str:
    if term.startswith("<"):
        path = term[1:-1]
        return path.removeprefix(BASE) if path.startswith(BASE) else path.split("/")[-1]
    return term


def document(content: bytes) -> Any:
    """Return what JSON says."""
    return json.loads(content)
