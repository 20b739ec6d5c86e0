"""Whether submissions are compared with what is published, and what the exit code says of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from kgpub.cli.options import tell, tell_notes
from kgpub.cli.rendering import error_text
from kgpub.errors import CallError, StoreError
from kgpub.messages import Lines, Message
from kgpub.model.comparison import Comparison, Outcome
from kgpub.pipeline.dataset import Dataset
from kgpub.pipeline.validating import Validated
from kgpub.pipeline.workspace import Workspace
from kgpub.reporting.text import isolated, safe
from kgpub.sources.files import named_file, relative

NEVER = "never"
MAX_FILES = 10
"""Files in which something is not compared that are told by name."""
EXIT_CODES = {
    Outcome.contradicts: 3,
    Outcome.refines: 4,
    Outcome.known: 5,
    Outcome.new: 6,
}
"""What accepted data end with, the gravest outcome first, where --fail-on names it."""

AgainstPublished = Annotated[
    bool | None,
    typer.Option(
        "--against-published/--no-against-published",
        help="Tell of each fact whether it is new, known, refines or contradicts what is published."
        " On where files are named and something is built.",
        show_default=False,
    ),
]
FailOn = Annotated[
    list[str] | None,
    typer.Option(
        help="End with an exit code for these outcomes: contradicts (3), refines (4), known (5),"
        " new (6), with commas between them; or never.",
        show_default=Outcome.contradicts.value,
    ),
]


@dataclass(frozen=True)
class Comparing:
    """What was asked for: `against` is None where that is left to what there is to compare."""

    against: bool | None
    fail_on: frozenset[Outcome]

    @classmethod
    def asked(cls, against: bool | None, fail_on: Sequence[str] | None) -> Comparing:
        """Read the options. Raises CallError."""
        if fail_on is None:
            return cls(against, frozenset({Outcome.contradicts}))
        names = [name.strip() for text in fail_on for name in text.split(",")]
        known = (*EXIT_CODES, NEVER)
        wrong = next((name for name in names if name not in known), None)
        if wrong is not None or (NEVER in names and len(set(names)) > 1):
            raise CallError(
                f"--fail-on {','.join(names)}: is no list of outcomes",
                f"Outcomes: {', '.join(EXIT_CODES)}; or {NEVER} alone.",
            )
        outcomes = frozenset(Outcome(name) for name in names if name != NEVER)
        if outcomes and against is False:
            raise CallError("--fail-on needs the comparison", "Leave --no-against-published out.")
        # Whoever relies on the exit code must not get 0 because there was nothing to compare with.
        return cls(True if outcomes else against, outcomes)

    def require_store(self, place: Workspace) -> None:
        """Raise StoreError where the comparison was asked for and there is nothing to read."""
        if self.against:
            place.store()

    def compared(
        self, place: Workspace, validated: Validated, files: Sequence[Path], language: str
    ) -> tuple[Comparison, ...] | None:
        """Return the outcomes; None where none is wanted or none of the files could be read.

        Where nothing is published there are outcomes only of what contradicts each other. What is
        left out because of errors is told. Raises StoreError where the comparison was asked for
        and there is no store that can be read; where it was not, a store that is damaged is told
        of and passed over.
        """
        if self.against is False or not (files or self.against):
            return None
        from kgpub.pipeline.comparison import sound

        here = place.root.resolve()
        asked = {relative(named_file(path, place.root), here) for path in files}
        dataset = sound(validated.dataset)
        read = {part.file for part in dataset.parts}
        names = asked & read if files else read
        told = self._outcomes(place, dataset, names, language) if names else None
        if told is not None or self.against:
            _tell_left_out(dataset, asked, language)
        return told

    def _outcomes(
        self, place: Workspace, dataset: Dataset, names: Collection[str], language: str
    ) -> tuple[Comparison, ...] | None:
        try:
            if self.against or place.generations.current() is not None:
                return place.compare(dataset, names, language, published=True)
        except StoreError as error:
            if self.against:
                raise
            tell(error_text(error, language))
        return place.compare(dataset, names, language, published=False) or None

    def exit_code(self, accepted: bool, compared: Sequence[Comparison] | None) -> int:
        """Return 1 for data that are refused, else the code of the gravest outcome asked for."""
        if not accepted:
            return 1
        met = {each.outcome for each in compared or ()} & self.fail_on
        return next((code for outcome, code in EXIT_CODES.items() if outcome in met), 0)


def _tell_left_out(dataset: Dataset, asked: Collection[str], language: str) -> None:
    """Tell in which files, of those `asked` for if any, errors keep something from comparison."""
    errors = {each.place.file for each in dataset.problems if each.severity == "error"}
    read = {part.file for part in dataset.parts}
    files = sorted(errors.intersection(asked).union(set(asked) - read) if asked else errors)
    if files:
        shown = [isolated(safe(file)) for file in files[:MAX_FILES]]
        rest = len(files) - MAX_FILES
        more = [Message("and-more", number=f"{rest:,}")] if rest > 0 else []
        listed = Lines([*shown, *more], Message("comma"))
        tell_notes([Message("not-compared", files=listed).text(language)])
