"""A gazetteer that knows three items, and how a client asks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.service.served import fetch

from kgpub.linking.entity import Candidate, Held, Item, Mention, Outcome, Type

ITEMS = (
    Item(
        "Q42",
        Type.person,
        {"en": ("Layla Hasan", "Leila Hasan"), "ar": ("ليلى حسن",)},
        country="IQ",
        born="1970-01-02",
        sitelinks=12,
        held=(Held("Q77", "2020", ""),),
        descriptions={"en": "Iraqi engineer <b>bold</b>"},
    ),
    Item("Q43", Type.person, {"en": ("Layla Hasan",)}, country="LB"),
    Item("Q77", Type.office, {"en": ("mayor of Al-Waha",)}),
)


@dataclass
class MadeUpGazetteer:
    """Knows three items, by equal names; the country of a mention decides between two."""

    method: str = "gazetteer"
    version: str = "made up 1"
    threads: set[int] = field(default_factory=set)

    def candidates(self, mention: Mention, limit: int = 10) -> Sequence[Candidate]:
        wanted = {name.casefold() for names in mention.names.values() for name in names}
        found = []
        for item in ITEMS:
            names = {name.casefold() for those in item.names.values() for name in those}
            if names & wanted and mention.type in (None, item.type):
                other = bool(mention.countries) and item.country not in mention.countries
                found.append(Candidate(item, 0.3 if other else 0.97, ()))
        return sorted(found, key=lambda each: -each.score)[:limit]

    def item(self, qid: str) -> Item | None:
        return next((item for item in ITEMS if item.qid == qid), None)


def decide(candidates: Sequence[Candidate]) -> Outcome:
    """Linked where the first is likely and the second is not."""
    scores = [each.score for each in candidates] + [0.0]
    return Outcome.linked if scores[0] - scores[1] > 0.5 else Outcome.review


def queries(url: str, **batch: Mapping[str, Any]) -> Any:
    """Send a batch by POST; return the results by key."""
    got = fetch(url, {"queries": json.dumps(batch)})
    assert got.status == 200, got.body
    return {key: value["result"] for key, value in got.json.items()}
