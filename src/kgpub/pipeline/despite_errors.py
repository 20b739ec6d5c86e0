"""What SHACL says of files in which something is wrong already, as far as it does not follow."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from pyoxigraph import NamedNode

from kgpub.errors import Problem, SubmissionErrors
from kgpub.mapping.emission import UNKNOWN_PUBLISHER
from kgpub.messages import Message
from kgpub.model.report import VIOLATION, Report, Result
from kgpub.model.slug import quoted
from kgpub.pipeline import placing
from kgpub.pipeline.dataset import Dataset, Part
from kgpub.pipeline.suggestions import Suggestions
from kgpub.sources.files import MAX_SUBMISSION_BYTES, read_bytes
from kgpub.vocabulary import ENTITY_SECTIONS, SH

_OF_THE_VALUE_ALONE = frozenset(
    f"{SH}{name}ConstraintComponent"
    for name in (
        *("Datatype", "NodeKind", "In", "LanguageIn", "Pattern", "MinLength", "MaxLength"),
        *("MinInclusive", "MaxInclusive", "MinExclusive", "MaxExclusive", "Not"),
    )
)
_OF_A_REFERENCE = frozenset(f"{SH}{name}ConstraintComponent" for name in ("Class", "Or", "Xone"))
_KIND = SH + "NodeConstraintComponent"
_OTHER_CLASS = frozenset(("type-unfit", "said-twice"))
"""Codes of errors after which a node may have been taken for one of another class."""
_ANY_SLUG = frozenset(("slug-form", "slug-reserved-remedy"))
"""Codes of remedies after which a slug is to be written that nothing tells."""
_UNREAD = frozenset(
    (
        Message("a-submission"),
        *(Message("what-is-under", key=quoted(section)) for section in ENTITY_SECTIONS),
    )
)
"""What may describe anything once it is a mapping of keys to values, which it is to be."""
_LINE_BREAK = re.compile("\r\n?|\n")
_WORD = re.compile(r"[a-z0-9-]+")


def told_despite_errors(
    report: Report,
    dataset: Dataset,
    parts: Sequence[Part],
    suggestions: Suggestions | None,
    root: Path,
) -> tuple[Problem, ...]:
    """Return what is wrong with values beside the errors of a dataset that is not readable.

    These are violations that stay whatever the mending of the errors adds: of a value that is
    written, at its place, wrong in itself or a reference to what no file describes nor, where a
    file has errors, may be meant to. What is missing is not told: it may be in what was not read.
    `parts` are those of the files where the results have their places.
    """
    if suggestions is None:
        return ()  # where there is no result
    refused = [each for each in dataset.problems if each.severity == "error"]
    places = {each.place for each in refused}
    doubted = {each.place.file for each in refused if each.code in _OTHER_CLASS}
    lasting = _Lasting(dataset, refused, suggestions, root)
    kept = Report(tuple(each for each in report.results if lasting.is_one(each)))
    told = placing.problems(kept, parts, suggestions)
    return tuple(
        each
        for each in told
        if each.place not in places
        and each.place.file != placing.NOWHERE.file
        and each.place.file not in doubted
    )


class _Lasting:
    """Tells results that will stay from those that mending the errors `refused` may undo."""

    def __init__(
        self, dataset: Dataset, refused: Sequence[Problem], suggestions: Suggestions, root: Path
    ) -> None:
        self._suggestions = suggestions
        self._root = root
        self._parts = {part.file: part for part in dataset.parts}
        self._sent = dataset.sent
        self._refused = refused
        self._files = frozenset(each.place.file for each in refused)

    def is_one(self, result: Result) -> bool:
        value = result.value
        if result.severity != VIOLATION or result.path is None or value in (None, result.focus):
            return False
        if result.component in _OF_THE_VALUE_ALONE:
            return True
        if result.component == _KIND:
            return result.shape in self._suggestions.scheme_of
        return (
            result.component in _OF_A_REFERENCE
            and isinstance(value, NamedNode)
            and not self._suggestions.describe(value.value)
            and not value.value.endswith(f"/{UNKNOWN_PUBLISHER}")
            and not self._may_be_described(value.value)
        )

    def _may_be_described(self, name: str) -> bool:
        """Whether a file with errors has the slug of `name` elsewhere than where it refers to it.

        So have all that cannot be read as text, have a slug that none resembles, or something
        else where slugs are to stand, for all that is known.
        """
        found = self._found
        slug = name.rpartition("/")[2]
        return found is None or slug in self._meant or found[slug] > self._references[name]

    @cached_property
    def _meant(self) -> frozenset[str]:
        """The slugs that may be meant by what cannot be one."""
        values = (
            dict(each.remedy.values).get("suggestion", "")
            for each in self._refused
            if isinstance(each.remedy, Message)
        )
        return frozenset(str(value) for value in values)

    @cached_property
    def _texts(self) -> Mapping[str, str] | None:
        """The files with errors; None where one is no text, or others are not read for it."""
        if not self._files <= self._parts.keys():
            return None
        try:
            return {file: self._read(file) for file in self._files}
        except (SubmissionErrors, UnicodeDecodeError):
            return None

    def _read(self, file: str) -> str:
        if file in self._sent:
            return self._sent[file].decode("utf-8-sig")
        path = self._root / file
        home = self._root if path.is_relative_to(self._root) else path.parent
        return read_bytes(path, home, MAX_SUBMISSION_BYTES).decode("utf-8-sig")

    @cached_property
    def _found(self) -> Counter[str] | None:
        """How often each word that may be a slug stands in the files with errors."""
        if self._texts is None or any(_hides_slugs(each) for each in self._refused):
            return None
        return Counter(word for text in self._texts.values() for word in _WORD.findall(text))

    @cached_property
    def _references(self) -> Counter[str]:
        """How often each IRI is referred to in them in so many words."""
        places: set[tuple[str, str, int, int]] = set()
        for file, text in (self._texts or {}).items():
            lines = _LINE_BREAK.split(text)
            part = self._parts[file]
            for quad, (line, column) in zip(part.quads, part.positions, strict=True):
                if isinstance(quad.object, NamedNode) and line <= len(lines):
                    name = quad.object.value
                    written = lines[line - 1][column - 1 : column + len(name) + 1]
                    if name.rpartition("/")[2] in written:
                        places.add((name, file, line, column))
        return Counter(name for name, *_ in places)


def _hides_slugs(problem: Problem) -> bool:
    """Whether there is no telling which slugs there are once `problem` is mended."""
    if isinstance(problem.remedy, Message) and problem.remedy.code in _ANY_SLUG:
        return True
    return dict(problem.message.values).get("what") in _UNREAD
