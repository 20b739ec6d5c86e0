"""What is said of a submission before anybody decides: its report, beside what is published."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import PurePosixPath

from kgpub.errors import Place, Problem, SubmissionErrors
from kgpub.model.comparison import Comparison
from kgpub.model.report import Report
from kgpub.pipeline.dataset import Dataset, digest_of
from kgpub.pipeline.sent import METADATA_NAME, Sent, ValidatedSent, validate_sent
from kgpub.pipeline.workspace import Workspace
from kgpub.reporting import Verdict, told_once
from kgpub.reporting.verdict import lines_in
from kgpub.sources import TEXT_NAME, article_named
from kgpub.submissions.submission import Content
from kgpub.vocabulary.schema import Schema, shape_files

_ID_BYTES = 10
_DEFAULT_STEM = "facts"
_LINE = re.compile(rb"^article: ([a-z0-9-]{1,100})$", re.MULTILINE)
_FIRST = 4_096
"""Bytes among which such a line is looked for."""


@dataclass(frozen=True)
class Checked:
    """What is found in a submission.

    `content` is what was given, with the slug of its article where it names one. `report` is None
    where it could not be read or grounded. `article_digest` is the SHA-256 of the article's text in
    hexadecimal, "" where there is no article; `shapes` is that of the shapes. `notes` say why more
    was read than what was sent.
    """

    content: Content
    verdict: Verdict
    report: Report | None
    article_digest: str
    shapes: str
    notes: tuple[str, ...] = ()

    @property
    def compared(self) -> tuple[Comparison, ...]:
        """How its facts stand to what is published."""
        return self.verdict.compared or ()


def file_name(content: Content, stem: str) -> str:
    """Return the name of the file that a submission makes; `stem` tells it from others."""
    if content.suffix.startswith("."):
        return f"{stem}{content.suffix}"
    table = PurePosixPath(content.suffix)
    return f"{table.stem}-{stem}{table.suffix}"


def stem_for(id_: str) -> str:
    """Return the stem of the file that the submission with this identifier is published as."""
    return f"submission-{id_}"


def stem_of(content: Content) -> str:
    """Return what tells a submission from others: of one that is new it is its identifier too."""
    return base64.b32encode(bytes.fromhex(content.digest)[:_ID_BYTES]).decode().lower()


def check(
    place: Workspace, content: Content, name: str = "", language: str = "en", stem: str = ""
) -> Checked:
    """Validate a submission together with what was built last, and compare it with that.

    Reports call its file `name`, `facts.yaml` or the like if that is "", and never tell a path.
    Where `content` has no slug, it is the one that the submission names. With `stem` it takes the
    place of the file that was published under this stem. Writes nothing. Raises StoreError.
    """
    shown = name or file_name(content, _DEFAULT_STEM)
    try:
        if not content.slug:
            file = file_name(content, _DEFAULT_STEM)
            content = replace(content, slug=_named(content, file, place.schema))
    except SubmissionErrors as errors:
        names = {file: shown}
        verdict = _verdict(errors.problems, content, names, shown, language)
        return Checked(content, verdict, None, "", shapes_digest())
    article = None
    if content.article is not None:
        article = content.article.text, content.article.metadata
    own = file_name(content, stem or stem_of(content))
    sent = Sent(content.slug, own, content.body, article)
    names = {sent.file: shown}
    if article is not None:
        names |= {sent.metadata_file: METADATA_NAME, sent.text_file: TEXT_NAME}
    try:
        found = validate_sent(place, sent)
    except SubmissionErrors as errors:  # of the publisher's own kinds
        verdict = _verdict(errors.problems, content, names, shown, language)
        return Checked(content, verdict, None, "", shapes_digest())
    compared = _compared(place, found, sent, language)
    verdict = _verdict(found.validated.problems, content, names, shown, language, compared)
    verdict = replace(verdict, unfinished=found.validated.report is None)
    report, notes = found.validated.report, found.validated.notes
    return Checked(content, verdict, report, found.article_digest, shapes_digest(), notes)


@cache
def shapes_digest() -> str:
    """Return the SHA-256 of the shapes that come with kgpub, in hexadecimal."""
    return digest_of(text for item in shape_files().items() for text in item)


def _named(content: Content, file: str, schema: Schema) -> str:
    """Return the slug that a submission names. Raises SubmissionErrors.

    Where a line of YAML says it, the rest need not be read for it: it is read later, and told where
    it says something else.
    """
    line = _LINE.search(content.body, 0, _FIRST) if content.suffix == ".yaml" else None
    return line[1].decode() if line else article_named(content.body, file, schema)


def _compared(
    place: Workspace, found: ValidatedSent, sent: Sent, language: str
) -> tuple[Comparison, ...] | None:
    """Return the outcomes, None where the submission cannot be read. Raises StoreError."""
    from kgpub.pipeline.comparison import compare_files, sound

    dataset: Dataset = sound(found.validated.dataset)
    if not any(part.file == sent.file for part in dataset.parts):
        return None
    store = place.validation.store
    if store is None or found.validated.notes:  # not what it was validated with
        published = place.generations.current() is not None
        return place.compare(dataset, {sent.file}, language, published=published)
    with place.generations.damage_told():
        return compare_files(dataset.parts, {sent.file}, store, language)


def _verdict(
    problems: tuple[Problem, ...],
    content: Content,
    names: Mapping[str, str],
    shown: str,
    language: str,
    compared: tuple[Comparison, ...] | None = None,
) -> Verdict:
    """Return the verdict; of files its own ones alone are shown, by their `names`."""
    told = tuple(_renamed(each, names) for each in told_once(problems, compared or ()))
    contents = {shown: content.body}
    if content.article is not None:
        contents[METADATA_NAME] = content.article.metadata
        contents[TEXT_NAME] = content.article.text
    return Verdict(
        not any(each.severity == "error" for each in told),
        told,
        tuple(dict.fromkeys(names.values())),
        language,
        lines_in(contents),
        None if compared is None else tuple(_placed(each, names) for each in compared),
    )


def _renamed(problem: Problem, names: Mapping[str, str]) -> Problem:
    related = tuple(_at(place, names) for place in problem.related)
    return replace(problem, place=_at(problem.place, names), related=related)


def _placed(told: Comparison, names: Mapping[str, str]) -> Comparison:
    theirs = told.their_place and _at(told.their_place, names)
    return replace(told, place=_at(told.place, names), their_place=theirs)


def _at(place: Place, names: Mapping[str, str]) -> Place:
    return replace(place, file=names.get(place.file, place.file))
