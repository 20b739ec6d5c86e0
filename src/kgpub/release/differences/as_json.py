"""Changes as a program reads them; docs/diff.md describes the form."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from kgpub.pages.rendering import Text
from kgpub.pages.retracted import Retraction
from kgpub.release.differences.changes import Changes, Section
from kgpub.release.differences.comparing import Differences
from kgpub.release.differences.files import SortedFile
from kgpub.release.differences.telling import Row, Source, Telling, Told
from kgpub.release.differences.text import BECAME
from kgpub.version import __version__

FORMAT = 1
"""Goes up when what is there changes its name or meaning, not when something is added."""


def as_json(differences: Differences, changes: Changes, telling: Telling) -> Iterator[str]:
    """Yield one JSON object, all changes, one a line, in its list."""
    head = {
        "kgpub": __version__,
        "format": FORMAT,
        "language": telling.language,
        "before": _dataset(differences.before),
        "after": _dataset(differences.after),
        "quads": {"removed": differences.removed.count, "added": differences.added.count},
        "counts": {
            section.name: {what: changes.counts.get((section, what), 0) for what in BECAME}
            for section in Section
        },
    }
    yield _json(head)[:-1] + ', "changes": ['
    separator = "\n"
    for changed in changes:
        yield separator + _json(_change(telling.tell(changed)))
        separator = ",\n"
    yield "\n]}\n" if separator != "\n" else "]}\n"


def _dataset(file: SortedFile) -> dict[str, str]:
    return {"name": file.name, "sha256": file.digest}


def _change(told: Told) -> dict[str, Any]:
    changed = told.changed
    return {
        "change": changed.what,
        "section": changed.section.name,
        "before": changed.before or None,
        "after": changed.after or None,
        "title": _text(told.title),
        "titleBefore": _text(told.was) if told.was is not None else None,
        "kind": _text(told.kind),
        "differences": [_row(row) for row in told.rows],
        "statements": [_source(source) for source in told.sources],
        "moreStatements": told.more_sources,
        "retraction": _retraction(told.retraction) if told.retraction else None,
    }


def _retraction(retraction: Retraction) -> dict[str, Any]:
    return {
        "record": retraction.record,
        "since": retraction.day,
        "because": [_text(each) for each in retraction.reasons],
        "by": retraction.by or None,
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "property": row.property,
        "label": _text(row.label),
        "removed": [_text(each) for each in row.removed],
        "added": [_text(each) for each in row.added],
        "moreRemoved": row.more[0],
        "moreAdded": row.more[1],
    }


def _source(source: Source) -> dict[str, Any]:
    return {
        "change": source.what,
        "statement": source.statement,
        "words": _text(source.words),
        "saidBy": [_text(each) for each in source.speakers],
        "article": source.article_iri or None,
        "title": _text(source.article),
        "passage": source.passage or None,
    }


def _text(text: Text) -> dict[str, str]:
    return {"text": text.text, "language": text.language}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
