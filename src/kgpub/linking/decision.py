"""The three outcomes: linked, left to people, none."""

from __future__ import annotations

from collections.abc import Sequence

from kgpub.linking.entity import Candidate, Decision, Mention, Outcome, Source
from kgpub.linking.weights import weights


def decide(candidates: Sequence[Candidate]) -> Outcome:
    """Decide about candidates, best first.

    The first is linked only if its probability, and how far it is ahead of the next, reach the
    thresholds that were chosen on the development questions.
    """
    if not candidates:
        return Outcome.nil
    first = candidates[0].score
    second = candidates[1].score if len(candidates) > 1 else 0.0
    limits = weights()
    if first >= limits.least(candidates[0].item) and first - second >= limits.least_margin:
        return Outcome.linked
    return Outcome.review if first >= limits.least_review else Outcome.nil


def decided(mention: Mention, source: Source, limit: int = 10) -> Decision:
    """Ask a source about a mention, and decide."""
    candidates = source.candidates(mention, limit)
    return Decision(decide(candidates), candidates, source.method, source.version)
