"""How a submission goes from one state to another."""

from __future__ import annotations

from collections.abc import Mapping

from kgpub.submissions.submission import Action, State

AFTER: Mapping[Action, State] = {
    Action.received: State.waiting,
    Action.revised: State.waiting,
    Action.asked_changes: State.changes_asked,
    Action.edited: State.waiting,
    Action.accepted: State.accepted,
    Action.rejected: State.rejected,
    Action.withdrawn: State.withdrawn,
    Action.published: State.published,
    Action.refused: State.waiting,
}
OPEN = frozenset({State.waiting, State.changes_asked})
FROM: Mapping[Action, frozenset[State]] = {
    Action.revised: OPEN,
    Action.asked_changes: frozenset({State.waiting}),
    Action.edited: frozenset({State.waiting}),
    Action.accepted: frozenset({State.waiting}),
    Action.rejected: OPEN,
    Action.withdrawn: OPEN,
    Action.published: frozenset({State.accepted}),
    Action.refused: frozenset({State.accepted}),
}
"""The states in which a submission can be when something is done with it."""
