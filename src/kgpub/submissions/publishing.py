"""Publishes what was accepted: each submission becomes a file, is built, and is noted as published.

The queue is the journal: a submission is accepted until its build is published or refused, and
each step before that can be done again. A process may be killed at any moment; the next one finds
what is accepted still and goes on, with the same files under the same names. One of several
processes publishes at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from kgpub.errors import KgpubError, StoreLocked, SubmissionErrors
from kgpub.pipeline.workspace import STATE, Workspace
from kgpub.store.locking import locked
from kgpub.submissions.acceptance import Acceptance, file_name, published_content
from kgpub.submissions.kept import Queue
from kgpub.submissions.placing import Occupied, Place, clear
from kgpub.submissions.submission import SERVER, Action, State, Submission

FOLDER = "publishing"
"""Below the workspace's state: holds the lock of whoever publishes."""
MAX_REASON = 4_000
"""Characters of a report that are kept as the reason why a build refused a submission."""
MOST = 200
"""Submissions that are built at once, at most."""


@dataclass(frozen=True)
class Outcome:
    """What became of accepted submissions: identifiers of those published, and of those refused.

    `left` says why others are still to be published, "" where there are none.
    """

    published: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    left: str = ""


@dataclass
class _Done:
    published: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


class Publisher:
    """Publishes the accepted submissions of a workspace; `queue` has them."""

    def __init__(self, place: Workspace, queue: Queue) -> None:
        self._place = place
        self._queue = queue

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Yield whether nobody else publishes, who is kept from it meanwhile."""
        folder = self._place.root / STATE / FOLDER
        folder.parent.mkdir(exist_ok=True)
        try:
            with locked(folder, 0):
                yield True
        except StoreLocked:
            yield False

    def publish(self) -> Outcome:
        """Publish all that is accepted, the oldest first. Where somebody else does, do nothing.

        Raises StoreError where the queue cannot be read or written, OSError where the workspace
        cannot; what is accepted stays so.
        """
        done = _Done()
        with self.alone() as is_alone:
            if not is_alone:
                return Outcome(left="another process publishes")
            clear(self._place.root)
            left = ""
            while not left and (accepted := self._queue.listed([State.accepted], most=MOST)):
                left = self._published(accepted, done)
        return Outcome(tuple(done.published), tuple(done.refused), left)

    def _published(self, accepted: Sequence[Submission], done: _Done) -> str:
        """Publish these together, or one after the other; return why some are left, or ""."""
        placed = [each for each in accepted if self._put(each, done)]
        if not placed:
            return ""
        refusal = self._refusal()
        if refusal is None:
            self._note_published(placed, done)
            return ""
        if isinstance(refusal, SubmissionErrors):
            return self._one_by_one(placed, done)
        return str(refusal)

    def _one_by_one(self, placed: Sequence[Submission], done: _Done) -> str:
        """Find those that the build refuses: each is built with what was accepted before it."""
        for each in placed:
            self._where(each).take_away(self._content(each))
        without = self._refusal()
        if without is not None:  # of what others have written: that is no submission's fault
            return str(without)
        for each in placed:
            if not self._put(each, done):
                continue
            refusal = self._refusal()
            if refusal is None:
                self._note_published([each], done)
            elif isinstance(refusal, SubmissionErrors):
                self._refuse(each, _reason(refusal), done)
            else:
                return str(refusal)
        return ""

    def _refusal(self) -> KgpubError | None:
        """Build, and return why that was not done. Raises OSError."""
        try:
            self._place.build()
        except KgpubError as error:
            return error
        return None

    def _put(self, submission: Submission, done: _Done) -> bool:
        """Have the file of a submission there, or refuse it. Raises OSError."""
        try:
            self._where(submission).put(self._content(submission))
        except Occupied as error:
            self._refuse(submission, str(error), done)
            return False
        return True

    def _refuse(self, submission: Submission, reason: str, done: _Done) -> None:
        # In this order: a submission that waits never has a file.
        with suppress(Occupied):  # its slug is none: it has no file
            self._where(submission).take_away(self._content(submission))
        self._note(submission, Action.refused, done.refused, reason=reason)

    def _note_published(self, placed: Sequence[Submission], done: _Done) -> None:
        for each in placed:
            where = self._where(each)
            where.keep()
            self._note(each, Action.published, done.published, file=where.file)

    def _note(
        self,
        submission: Submission,
        action: Action,
        into: list[str],
        *,
        reason: str = "",
        file: str = "",
    ) -> None:
        self._queue.note(
            submission.id, submission.version, action, SERVER, reason=reason, file=file
        )
        into.append(submission.id)

    def _content(self, submission: Submission) -> bytes:
        return published_content(submission, Acceptance.of(submission), self._place.schema)

    def _where(self, submission: Submission) -> Place:
        content = submission.revision.content
        return Place(self._place.root, submission.id, content, file_name(submission))


def _reason(refusal: SubmissionErrors) -> str:
    """Return the errors of a report, cut to what is kept."""
    errors = [str(each) for each in refusal.problems if each.severity == "error"]
    text = "\n".join(errors)
    return text if len(text) <= MAX_REASON else f"{text[: MAX_REASON - 1]}…"
