"""What is published of a submission: the file that it becomes, with who accepted it and why.

The file is what was submitted, byte for byte, with keys added at its end, so that lines and columns
stay those that reports have named. Where nothing can be added at the end (a table, YAML in braces)
it is written anew, as YAML or JSON with the same keys and texts; what was sent stays in the queue.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TypeAlias

import yaml

from kgpub.errors import SubmissionErrors
from kgpub.model.tree import Fields, Items, Scalar, Tree
from kgpub.sources import read_submission
from kgpub.submissions.submission import Action, Content, Submission
from kgpub.vocabulary.schema import ACCEPTED, Schema

MAX_REMARK = 1_000
"""Characters of a reason that are published; the queue has all of it."""
_TABLE = ".csv"
_OF_JSON = (".json", ".jsonld")
_SHA_256 = "sha256:"
_CONTRIBUTOR, _DATE = "contributor", "date"

Plain: TypeAlias = "str | list[Plain] | dict[str, Plain]"


@dataclass(frozen=True)
class Acceptance:
    """Who accepted a submission and why, whose it is, and who has changed it since.

    Names are those of accounts. `day` and `received` are ISO dates in UTC, `shapes` is the digest
    of the shapes that it was validated with, as `kg:shapesChecksum` has it.
    """

    editor: str
    day: str
    remark: str
    shapes: str
    submitters: tuple[str, ...]
    editors: tuple[str, ...]
    received: str

    @classmethod
    def of(cls, submission: Submission) -> Acceptance:
        """Return how a submission was accepted that has been."""
        event = next(each for each in reversed(submission.events) if each.action is Action.accepted)
        return cls(
            tidy(event.by.name) or event.by.id,
            event.at.date().isoformat(),
            tidy(event.reason)[:MAX_REMARK].strip(),
            f"{_SHA_256}{event.shapes.removeprefix(_SHA_256)}" if event.shapes else "",
            _names(submission, Action.received, Action.revised),
            _names(submission, Action.edited),
            submission.received.date().isoformat(),
        )

    def described(self) -> dict[str, Plain]:
        """Return the mapping that stands under the key `accepted`."""
        told: dict[str, Plain] = {"editor": self.editor, "accepted-on": self.day}
        if self.remark:
            told["remark"] = self.remark
        if self.shapes:
            told["shapes"] = self.shapes
        if self.submitters:
            told["submitter"] = list(self.submitters)
        if self.editors:
            told["edited-by"] = list(self.editors)
        return told


def _names(submission: Submission, *actions: Action) -> tuple[str, ...]:
    """Return the names of those who have done any of these things with a submission."""
    names = (tidy(each.by.name) for each in submission.events if each.action in actions)
    return tuple(dict.fromkeys(name for name in names if name))


def tidy(text: str) -> str:
    """Return a text on one line, without spaces around it and without what is not seen."""
    kept = (" " if unicodedata.category(each) in _SPACES else each for each in text)
    seen = (each for each in kept if each in _JOINING or unicodedata.category(each) not in _UNSEEN)
    return " ".join("".join(seen).split()).strip(f"{_JOINING} ")


_SPACES = frozenset({"Zs", "Zl", "Zp", "Cc"})
_JOINING = "\u200c\u200d"
"""Parts of words in Kurdish and Persian, between letters."""
_UNSEEN = frozenset({"Cf", "Cs", "Co", "Cn"})


def file_name(submission: Submission) -> str:
    """Return the name of the file that a submission becomes, in the folder of its article."""
    suffix = submission.revision.content.suffix
    return f"submission-{submission.id}{'.yaml' if suffix.endswith(_TABLE) else suffix}"


def published_content(submission: Submission, acceptance: Acceptance, schema: Schema) -> bytes:
    """Return the content of that file: always the same for the same submission and acceptance.

    A submission that cannot be read, which no build accepts, stays as it is.
    """
    content = submission.revision.content
    name = file_name(submission)
    try:
        tree = _tree(content, name, schema)
        keys = {each.text for each, _ in tree}
        added: dict[str, Plain] = {}
        if _CONTRIBUTOR not in keys and acceptance.submitters:
            added[_CONTRIBUTOR] = acceptance.submitters[0]
        if _DATE not in keys:
            added[_DATE] = acceptance.received
        added[ACCEPTED] = acceptance.described()
        if not content.suffix.endswith(_TABLE) and ACCEPTED not in keys:
            longer = _with_at_end(content.body, content.suffix, added)
            if _says(longer, tree, added, name, content.slug, schema):
                return longer
        # What a submitter says of its acceptance gives way to what happened.
        return _written({**_plain_fields(tree), **added}, PurePosixPath(name).suffix)
    except SubmissionErrors:
        return content.body


def _tree(content: Content, name: str, schema: Schema) -> Fields:
    """Return a submission as it was written. Raises SubmissionErrors where it is not readable."""
    if content.suffix.endswith(_TABLE):
        name = content.suffix  # which says what its rows are
    read = read_submission(content.body, name, content.slug, schema)
    if read.problems or not isinstance(read.tree, Fields):
        raise SubmissionErrors(read.problems)
    return read.tree


def _with_at_end(body: bytes, suffix: str, added: Mapping[str, Plain]) -> bytes:
    """Return a file with keys added at its end, if it is written as most are."""
    if suffix in _OF_JSON:
        before, brace, after = body.rpartition(b"}")
        inside = json.dumps(added, ensure_ascii=False)[1:-1].encode()
        return before.rstrip() + b",\n" + inside + b"\n" + brace + after
    line = b"" if body.endswith(b"\n") else b"\n"
    return body + line + _yaml(added)


def _says(
    content: bytes,
    tree: Fields,
    added: Mapping[str, Plain],
    name: str,
    article: str,
    schema: Schema,
) -> bool:
    """Whether a file says what `tree` does, at the same places, and what was added."""
    try:
        read = read_submission(content, name, article, schema)
    except SubmissionErrors:
        return False
    if read.problems or not isinstance(read.tree, Fields):
        return False
    number = len(tree.entries)
    own, others = read.tree.entries[:number], read.tree.entries[number:]
    return own == tree.entries and {key.text: _plain(value) for key, value in others} == added


def _written(tree: Mapping[str, Plain], suffix: str) -> bytes:
    if suffix in _OF_JSON:
        return json.dumps(tree, ensure_ascii=False, indent=2).encode() + b"\n"
    return _yaml(tree)


def _yaml(tree: Mapping[str, Plain]) -> bytes:
    text: str = yaml.safe_dump(dict(tree), allow_unicode=True, sort_keys=False, width=10**6)
    return text.encode()


def _plain_fields(tree: Fields) -> dict[str, Plain]:
    return {key.text: _plain(value) for key, value in tree}


def _plain(tree: Tree) -> Plain:
    """Return a tree without its places. Raises SubmissionErrors for what is told to be wrong."""
    if isinstance(tree, Scalar):
        return tree.text
    if isinstance(tree, Items):
        return [_plain(each) for each in tree]
    if isinstance(tree, Fields):
        return _plain_fields(tree)
    raise SubmissionErrors([])
