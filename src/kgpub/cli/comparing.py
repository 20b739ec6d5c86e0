"""Whether submissions are compared with what is published, and what the exit code says of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from kgpub.cli.options import tell
from kgpub.cli.rendering import error_text
from kgpub.errors import CallError, StoreError
from kgpub.model.comparison import Comparison, Outcome
from kgpub.pipeline.validating import Validated
from kgpub.pipeline.workspace import Workspace

NEVER = "never"
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
        """Return the outcomes; None where none is wanted or the files could not be read.

        Raises StoreError where the comparison was asked for and there is no store that can be
        read; where it was not, a store that is damaged is told of and passed over.
        """
        if self.against is False or validated.report is None or not (files or self.against):
            return None
        try:
            if self.against is None and place.generations.current() is None:
                return None
            return place.compare(validated.dataset, files, language)
        except StoreError as error:
            if self.against:
                raise
            tell(error_text(error))
            return None

    def exit_code(self, accepted: bool, compared: Sequence[Comparison] | None) -> int:
        """Return 1 for data that are refused, else the code of the gravest outcome asked for."""
        if not accepted:
            return 1
        met = {each.outcome for each in compared or ()} & self.fail_on
        return next((code for outcome, code in EXIT_CODES.items() if outcome in met), 0)
