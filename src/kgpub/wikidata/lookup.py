"""Candidates for a mention from Wikidata itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from kgpub.linking.entity import Candidate, Item, Mention
from kgpub.wikidata.answers import Answers
from kgpub.wikidata.forms import Terms
from kgpub.wikidata.items import Record, record
from kgpub.wikidata.names import in_order, search_language, searched
from kgpub.wikidata.question import STATEMENTS, Kind, Question

MAX_SEARCHES = 12
"""Searches for one mention: names of more than that have nothing new, and each is a request."""
MAX_FOUND = 50
"""Items that are looked at for one mention: one batch."""

Rank = Callable[[Mention, Sequence[Item]], Sequence[Candidate]]
"""Makes candidates of the items that were found, best first. It sees them together, since what
one of them is probable to be depends on the others."""


class Wikidata:
    """The source of candidates that asks Wikidata, or what is kept of its answers."""

    method = "looked-up"

    def __init__(
        self,
        answers: Answers,
        rank: Rank,
        day: date,
        spellings: Callable[[str], Iterable[str]] = lambda name: (name,),
    ) -> None:
        """`spellings` returns as what else a name is searched: without the title before it, say.

        `day` is that of the lookup, and is the version.
        """
        self.version = day.isoformat()
        self._answers = answers
        self._rank = rank
        self._spellings = spellings

    def candidates(self, mention: Mention, limit: int = 10) -> Sequence[Candidate]:
        """Return what `mention` may stand for, best first, no more than `limit`.

        Raises WikidataError where Wikidata is asked and does not answer.
        """
        return self._rank(mention, self._items(self._found(mention)))[:limit]

    def item(self, qid: str) -> Item | None:
        """Return an item by its QID, or None where Wikidata has none, or it is not known."""
        found = self.records([qid]).get(qid)
        return found.item if found else None

    def prefetch(self, mentions: Iterable[Mention], qids: Iterable[str] = ()) -> None:
        """Ask at once, in batches, what `candidates` of each and `records` of `qids` will need."""
        each = list(mentions)
        self._answers.to(question for mention in each for question in self._searches(mention))
        self._answers.to(question for mention in each for question in self._more_searches(mention))
        found = (qid for mention in each for qid in self._found(mention))
        self.records([*found, *qids])

    def records(self, qids: Iterable[str]) -> Mapping[str, Record]:
        """Return what Wikidata has under each QID; those of which nothing is known are left out."""
        asked = list(dict.fromkeys(qids))
        questions = {qid: Question(Kind.entity, qid) for qid in asked}
        told = self._answers.to(questions.values())
        terms: dict[str, Terms] = {
            qid: told[question] for qid, question in questions.items() if question in told
        }
        targets = dict.fromkeys(each["id"] for each in terms.values() if each["id"])
        statements = self._answers.to(
            Question(kind, target) for kind in STATEMENTS for target in targets
        )
        records = {}
        for qid, its in terms.items():
            rows = [statements.get(Question(kind, its["id"])) for kind in STATEMENTS]
            if not its["id"]:
                records[qid] = record(qid, its)
            elif all(each is not None for each in rows):
                records[qid] = record(qid, its, *(each or () for each in rows))
        return records

    def _items(self, qids: Iterable[str]) -> list[Item]:
        """Return the items of QIDs, each once, without those that nothing is to be linked to."""
        found = (each for each in self.records(qids).values() if not each.internal)
        items = {each.item.qid: each.item for each in found if each.item}
        return list(items.values())

    def _found(self, mention: Mention) -> list[str]:
        """Return the QIDs that the searches find; by words only where names find nothing."""
        for questions in (self._searches(mention), self._more_searches(mention)):
            told = self._answers.to(questions)
            found = dict.fromkeys(qid for question in questions for qid in told.get(question, ()))
            if found:
                return list(found)[:MAX_FOUND]
        return []

    def _searches(self, mention: Mention) -> list[Question]:
        return [
            Question(Kind.search, name, search_language(tag, name))
            for tag, name in self._names(mention)
        ]

    def _more_searches(self, mention: Mention) -> list[Question]:
        """Return the searches by words, none where those by the beginning of names find items."""
        first = self._searches(mention)
        told = self._answers.to(first)
        if len(told) < len(first) or any(told.values()):
            return []
        texts = dict.fromkeys(name for _, name in self._names(mention))
        return [Question(Kind.words, name) for name in texts]

    def _names(self, mention: Mention) -> list[tuple[str, str]]:
        spelt = (
            (tag, searched(spelling))
            for tag, name in in_order(mention.names)
            for spelling in (name, *self._spellings(name))
        )
        return list(dict.fromkeys(each for each in spelt if each[1]))[:MAX_SEARCHES]
