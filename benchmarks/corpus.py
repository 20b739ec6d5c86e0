"""A workspace of synthetic articles on disk, its submissions in YAML as a person writes it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.synthesis import SECTIONS, SEED, SyntheticArticle, Value, articles

BASE = "https://example.org/data/"
_SETTINGS = f"""base = "{BASE}"
title = "Synthetic articles"
publisher = "kgpub"
licence = "https://creativecommons.org/publicdomain/zero/1.0/"
"""
_PLAIN = re.compile(r"[^\W_](?:[\w /.-]*[\w.])?|_:\w+")


def write_workspace(folder: Path, facts: int, seed: int = SEED) -> int:
    """Write a workspace with at least `facts` facts to `folder`; return how many they are."""
    folder.mkdir(parents=True)
    (folder / "kgpub.toml").write_text(_SETTINGS, encoding="utf-8")
    written = 0
    for article in articles(facts, seed):
        write_article(folder, article)
        written += article.facts
    return written


def write_article(folder: Path, article: SyntheticArticle) -> Path:
    """Write an article to the workspace in `folder`; return its own folder."""
    place = folder / "articles" / article.slug
    place.mkdir(parents=True)
    for name, text in article_files(article):
        (place / name).write_text(text, encoding="utf-8")
    return place


def article_files(article: SyntheticArticle) -> Iterator[tuple[str, str]]:
    yield "article.txt", article.text
    yield "article.yaml", "".join(f"{key}: {flow(v)}\n" for key, v in article.metadata.items())
    yield "facts.yaml", "\n".join(_submission(article.submission)) + "\n"


def _submission(submission: Mapping[str, Value]) -> Iterator[str]:
    yield f"article: {submission['article']}\n"
    for section in SECTIONS:
        entities = submission.get(section)
        if isinstance(entities, dict):
            yield f"{section}:"
            yield from (f"  {slug}: {flow(entity)}" for slug, entity in entities.items())
    yield "\nstatements:"
    statements = submission["statements"]
    assert isinstance(statements, list)
    for statement in statements:
        mark = "-"
        for key, value in statement.items():
            if isinstance(value, list):
                yield f"  {mark} {key}:"
                yield from (f"      - {flow(each)}" for each in value)
            else:
                yield f"  {mark} {key}: {flow(value)}"
            mark = " "


def flow(value: Value) -> str:
    """Return `value` in YAML's flow style, quotes only where they are needed."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return value if _PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)
    if isinstance(value, int):
        return str(value)
    return "[" + ", ".join(map(flow, value)) + "]"
