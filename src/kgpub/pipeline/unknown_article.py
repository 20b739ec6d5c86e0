"""A submission about an article that the workspace does not have."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kgpub.errors import Place, Problem, SubmissionErrors
from kgpub.messages import Lines, Message
from kgpub.model.tree import Fields, Scalar
from kgpub.pipeline.suggestions import nearest
from kgpub.sources import read_submission
from kgpub.sources.files import MAX_SUBMISSION_BYTES, read_bytes, relative
from kgpub.vocabulary.schema import Schema

MAX_LISTED = 10
"""Articles that are named where none of them is near."""


def unknown_article(
    path: Path, slug: str, articles: Sequence[str], root: Path, schema: Schema
) -> Problem:
    """Return that there is no article `slug`, at the place where the submission at `path` names it.

    The remedy names the nearest of `articles`, else all that there are, if these are few.
    """
    return unknown_among(_place(path, root, schema), slug, articles)


def unknown_among(place: Place, slug: str, articles: Sequence[str]) -> Problem:
    """Return that there is no article `slug`, as is said at `place`; see `unknown_article`."""
    near = nearest(slug, articles)
    if near is not None:
        remedy = Message("did-you-mean", name=near)
    elif 0 < len(articles) <= MAX_LISTED:
        here = Message("articles-here", articles=", ".join(articles))
        remedy = Lines([here, Message("add-folder")])
    else:
        remedy = Message("add-folder")
    message = Message("article-unknown", article=repr(slug))
    return Problem(place, message, remedy)


def _place(path: Path, root: Path, schema: Schema) -> Place:
    file = relative(path, root)
    try:
        content = read_bytes(path, path.parent, MAX_SUBMISSION_BYTES)
    except SubmissionErrors:  # it has changed since its article was looked up
        return Place(file)
    return place_of_article(content, file, schema)


def place_of_article(content: bytes, file: str, schema: Schema) -> Place:
    """Return where the `content` of a submission names its article, else where it begins."""
    try:
        tree = read_submission(content, file, "", schema).tree
    except SubmissionErrors:
        return Place(file)
    value = tree.get("article") if isinstance(tree, Fields) else None
    return Place(file, value.line, value.column) if isinstance(value, Scalar) else Place(file)
