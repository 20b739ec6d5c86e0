"""Why something is no longer said: what the retractions in a release say of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kgpub.release.differences.comparing import Differences
from kgpub.release.differences.files import SortedFile, sorted_lines
from kgpub.release.history.versions import Event, Version, parted
from kgpub.vocabulary import terms as kg

_RETRACTS = f"<{kg.retracts}>".encode()
_REASON = f"<{kg.retractionReason}>".encode()


@dataclass(frozen=True)
class Reason:
    """A retraction, and why: terms as canonical N-Quads write them, each reason in a language."""

    retraction: bytes
    words: tuple[bytes, ...]


@dataclass(frozen=True)
class Reasons:
    """Looks up why a record is gone. `retracted` has the new retractions by what they retract."""

    retracted: SortedFile
    after: SortedFile

    def of(self, version: Version) -> list[Reason]:
        """Return the retractions of a thing that is gone, or of the submission that said it."""
        if version.event is not Event.DELETE:
            return []
        for retracted in (version.subject, version.graph):
            retractions = {line.split(b" ")[2] for line in self.retracted.all_lines_of(retracted)}
            if retractions:
                return [Reason(each, self._words(each)) for each in sorted(retractions)]
        return []

    def _words(self, retraction: bytes) -> tuple[bytes, ...]:
        lines = self.after.all_lines_of(retraction)
        pairs = (parted(line)[1] for line in lines)
        return tuple(dict.fromkeys(pair.object for pair in pairs if pair.predicate == _REASON))


def reasons(differences: Differences, work: Path) -> Reasons:
    """Return the reasons that come with these differences; `work` is their folder.

    Raises OSError.
    """
    after = differences.after
    turned = sorted_lines(after.name, after.source, _turned(differences), work)
    return Reasons(turned, after)


def _turned(differences: Differences) -> Iterator[bytes]:
    for line in differences.added.lines():
        retraction, predicate, rest = line.split(b" ", 2)
        if predicate == _RETRACTS and rest.startswith(b"<"):
            yield b"%b %b %b .\n" % (rest.split(b" ", 1)[0], predicate, retraction)
