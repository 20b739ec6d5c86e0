"""`kgpub review`: submissions that wait, decided by whoever has the workspace's folder."""

from __future__ import annotations

import getpass
import os
import shlex
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from kgpub.cli.options import (
    Folder,
    LanguageOption,
    language_of,
    out,
    tell_notes,
    utf8,
)
from kgpub.errors import CallError
from kgpub.pipeline.workspace import STATE, Workspace
from kgpub.reporting.text import counted, printable

if TYPE_CHECKING:
    from kgpub.submissions.deciding import Decision, Found
    from kgpub.submissions.kept import Queue
    from kgpub.submissions.submission import Account, Content, Submission
    from kgpub.submissions.viewing import Viewed

_HELP = (
    "a: accept; r REASON: reject; c REASON: ask for changes; e: edit, then accept; l: later; "
    "s: show it again; q: leave off. After a a reason may follow, which is published."
)


def review(
    workspace: Folder = Path(),
    list_: Annotated[
        bool, typer.Option("--list", help="List what waits to be decided, and end.")
    ] = False,
    show: Annotated[
        str, typer.Option(callback=utf8, metavar="ID", help="Show a submission, and end.")
    ] = "",
    accept: Annotated[
        str, typer.Option(callback=utf8, metavar="ID", help="Accept a submission and publish it.")
    ] = "",
    reject: Annotated[
        str, typer.Option(callback=utf8, metavar="ID", help="Reject one; needs --because.")
    ] = "",
    ask: Annotated[
        str,
        typer.Option(
            callback=utf8, metavar="ID", help="Ask its submitter for changes; needs --because."
        ),
    ] = "",
    because: Annotated[
        str, typer.Option(callback=utf8, metavar="REASON", help="Why; the submitter reads it.")
    ] = "",
    by: Annotated[
        str, typer.Option(callback=utf8, help="Who decides; otherwise the user's name.")
    ] = "",
    lang: LanguageOption = None,
) -> None:
    """Decide about submissions that wait, one after the other; publish what is accepted.

    Candidates for links to Wikidata are decided with: kgpub link --review
    """
    from kgpub.submissions.deciding import Decision
    from kgpub.submissions.submission import Account

    chosen = {"--show": show, "--accept": accept, "--reject": reject, "--ask": ask}
    given = [name for name, value in chosen.items() if value] + (["--list"] if list_ else [])
    if len(given) > 1:
        raise CallError(f"{' and '.join(given)} exclude each other", "Give one of them.")
    user = _user()
    if not (by or user):
        raise CallError("it is not known who decides", "Say so with --by.")
    desk = Desk(Workspace(workspace), Account(f"system/{user}", by or user), language_of(lang))
    decisions = {
        Decision.accept: accept,
        Decision.reject: reject,
        Decision.ask_changes: ask,
    }
    if list_:
        desk.list()
    elif show:
        desk.show(desk.queue.get(show))
    elif decided := [(each, id_) for each, id_ in decisions.items() if id_]:
        ((decision, id_),) = decided
        desk.decide(desk.queue.get(id_), decision, because)
    else:
        desk.walk()
    desk.publish()


class Desk:
    """Where one person decides about the submissions of a workspace."""

    def __init__(self, place: Workspace, by: Account, language: str) -> None:
        from kgpub.submissions.kept import Queue

        self.queue: Queue = Queue(place.root / STATE, lambda: datetime.now(UTC))
        self._place = place
        self._by = by
        self._language = language
        self._is_accepted = False

    def list(self) -> None:
        """Print what waits, the oldest first."""
        from kgpub.cli.submission_text import line_of
        from kgpub.submissions.transitions import OPEN

        found = self.queue.listed(tuple(OPEN))
        for each in found:
            out.print(line_of(each))
        if not found:
            out.print(Text("Nothing waits to be decided."))

    def show(self, submission: Submission, heading: str = "") -> Viewed:
        """Print a submission with all that is known of it."""
        from kgpub.cli.submission_text import shown

        viewed = self._viewed(submission, submission.revision.content)
        out.print(shown(submission, viewed, heading), end="")
        return viewed

    def decide(
        self, submission: Submission, decision: Decision, reason: str, article: str = ""
    ) -> None:
        """Keep a decision about a submission as it stands; `article` is what was seen of it.

        Raises CallError where it cannot be.
        """
        from kgpub.submissions import deciding

        content = submission.revision.content
        found = None
        if decision is deciding.Decision.accept:
            found = _found(self._viewed(submission, content))
        seen = deciding.Seen(submission.version, article)
        deciding.decide(self.queue, submission, seen, decision, self._by, reason, found)
        self._is_accepted = self._is_accepted or decision is deciding.Decision.accept
        out.print(Text(f"{submission.id}: {decision}"))

    def walk(self) -> None:
        """Show each submission that waits, ask what to do, and do it."""
        from kgpub.submissions.submission import State

        waiting = self.queue.listed([State.waiting])
        if not waiting:
            out.print(Text("Nothing waits to be decided."))
        for number, each in enumerate(waiting, 1):
            viewed = self.show(each, f"({number} of {len(waiting)})")
            if not self._asked(each, viewed.checked.article_digest):
                return

    def publish(self) -> None:
        """Publish what was accepted here, and tell what became of it."""
        from kgpub.submissions.publishing import Publisher

        if not self._is_accepted:
            return
        outcome = Publisher(self._place, self.queue).publish()
        if outcome.published:
            out.print(Text(f"{counted(len(outcome.published), 'submission')} published"))
        for id_ in outcome.refused:
            reason = self.queue.get(id_).events[-1].reason
            tell_notes([f"{id_} could not be built, and waits again: {reason}"])
        if outcome.left:
            tell_notes([f"to be published still: {outcome.left}"])
        if outcome.refused:
            raise typer.Exit(1)

    def _asked(self, submission: Submission, article: str) -> bool:
        """Ask until the submission is decided or left; return whether to go on to the next.

        `article` is the digest of the text that was shown.
        """
        from kgpub.submissions.deciding import Decision

        decisions = {"a": Decision.accept, "r": Decision.reject, "c": Decision.ask_changes}
        while True:
            line = _line("a, r REASON, c REASON, e, l, s, q or ? > ")
            if line is None or line.strip() == "q":
                return False
            word, _, reason = line.strip().partition(" ")
            try:
                if word == "l":
                    return True
                if word == "s":
                    self.show(submission)
                elif word == "e":
                    if self._edited(submission):
                        return True
                elif word in decisions:
                    self.decide(submission, decisions[word], reason, article)
                    return True
                else:
                    out.print(Text(_HELP))
            except CallError as error:
                out.print(Text(printable(f"{error.message}: {error.remedy}")))
                now = self.queue.get(submission.id)
                if now.version != submission.version:
                    submission = now
                    article = self.show(submission).checked.article_digest

    def _edited(self, submission: Submission) -> bool:
        """Have the facts edited, and accept them if they are valid; return whether that is so."""
        from kgpub.reporting.terminal import report_text
        from kgpub.submissions import deciding
        from kgpub.submissions.deciding import Decision, Seen

        before = submission.revision.content
        body = _in_editor(before.body, before.suffix)
        content = replace(before, body=body)
        viewed = self._viewed(submission, content)
        found = _found(viewed)
        if not found.accepted:
            out.print(report_text(viewed.checked.verdict), end="")
            out.print(Text("It is not valid: nothing was changed."))
            return False
        seen = Seen(submission.version, found.article_digest)
        edited = deciding.edit(self.queue, submission, seen, content, self._by, found)
        self.decide(edited, Decision.accept, "", found.article_digest)
        return True

    def _viewed(self, submission: Submission, content: Content) -> Viewed:
        from kgpub.submissions.checking import file_name
        from kgpub.submissions.viewing import view

        name = file_name(content, "facts")
        return view(self._place, content, name, self._language, f"submission-{submission.id}")


def _user() -> str:
    """Return who runs this, as the system knows them, "" where it does not."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # a container's user may have no name
        return ""


def _found(viewed: Viewed) -> Found:
    from kgpub.submissions.deciding import Found

    checked = viewed.checked
    return Found(checked.verdict.accepted, checked.article_digest, checked.shapes)


def _line(prompt: str) -> str | None:
    """Return a line that is written on the terminal or comes from a pipe, None at the end."""
    out.print(Text(prompt), end="")
    line = sys.stdin.buffer.readline().decode("utf-8", "replace")
    return line if line else None


def _in_editor(content: bytes, suffix: str) -> bytes:
    """Return what a person makes of `content` in the editor. Raises CallError."""
    command = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")
    ending = suffix if suffix.startswith(".") else f"-{suffix}"
    with tempfile.TemporaryDirectory(prefix="kgpub-") as folder:
        path = Path(folder) / f"facts{ending}"
        path.write_bytes(content)
        try:
            done = subprocess.run([*command, str(path)], check=False)
        except (OSError, ValueError) as error:
            message = f"{command[0] if command else 'the editor'}: cannot be run: {error}"
            raise CallError(message, "Name your editor in EDITOR.") from error
        if done.returncode:
            raise CallError(f"{command[0]} has failed", "Nothing was changed.")
        return path.read_bytes()
