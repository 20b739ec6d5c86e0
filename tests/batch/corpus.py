"""Articles for batches: synthetic ones, and small ones that have to do with each other."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.synthesis import articles

Envelope = dict[str, Any]


def synthetic(facts: int) -> list[Envelope]:
    """Return synthetic articles with so many facts."""
    return [
        envelope(each.slug, each.text, each.metadata, {"facts": each.submission})
        for each in articles(facts)
    ]


def envelope(
    slug: str, text: str, metadata: Mapping[str, Any], submissions: Mapping[str, Any]
) -> Envelope:
    return {"article": slug, "text": text, "metadata": metadata, "submissions": submissions}


def write_lines(path: Path, envelopes: Iterable[Envelope]) -> Path:
    """Write JSON Lines, spaces where JSON allows them."""
    lines = (json.dumps(each, ensure_ascii=False) + "\n" for each in envelopes)
    path.write_text("".join(lines), encoding="utf-8")
    return path


def write_folder(root: Path, envelopes: Iterable[Envelope]) -> Path:
    """Write the same articles as folders of a workspace, each submission byte for byte."""
    for each in envelopes:
        folder = root / "articles" / each["article"]
        folder.mkdir(parents=True)
        for name, content in files(each):
            (folder / name).write_bytes(content)
    return root


def files(each: Envelope) -> Iterable[tuple[str, bytes]]:
    yield "article.txt", each["text"].encode()
    yield "article.json", json.dumps(each["metadata"], ensure_ascii=False).encode()
    for name, value in each["submissions"].items():
        if isinstance(value, str):
            yield name, value.encode()
        else:
            yield f"{name}.json", json.dumps(value, ensure_ascii=False).encode()


_PAPER = {"name": {"ar": "الجريدة", "en": "The Paper"}, "kind": "media-outlet"}
_METADATA = {"title": {"en": "Holders"}, "language": "en", "publisher": "the-paper"}


def holder(slug: str, person: str, start: int, end: int, **more: Any) -> Envelope:
    """Return an article in which a person holds the one office; `more` describes the person."""
    words = f"{person} was minister from {start} to {end}"
    name = {"ar": f"الاسم {person}", "en": f"The name {person}"}
    tenure = {"type": "Tenure", "person": person, "office": "minister", "start": start, "end": end}
    submission = {
        "article": slug,
        "organisations": {"the-paper": dict(_PAPER)},
        "people": {person: {"name": name, **more}},
        "offices": {
            "minister": {
                "name": {"ar": "الوزير", "en": "The minister"},
                "organisation": "the-paper",
                "single-holder": True,
            }
        },
        "statements": [{"words": words, "asserts": [tenure]}],
    }
    return envelope(slug, f"{words}.\n", _METADATA, {"facts": submission})
