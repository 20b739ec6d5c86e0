"""Questions answered from what is kept, and by Wikidata only where there is a client."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kgpub.wikidata.cache import Cache
from kgpub.wikidata.client import Client, Endpoints
from kgpub.wikidata.question import STATEMENTS, Question


class Answers:
    """Answers questions, and remembers those that it could not.

    Without a client, which is the default, it works offline: nothing is asked, nothing fails, and
    `missing` tells what is not known.
    """

    def __init__(
        self, cache: Cache, client: Client | None = None, endpoints: Endpoints | None = None
    ) -> None:
        """`endpoints` are those whose answers are looked for offline; a client knows its own.

        With a client, what is too old is removed from the cache. Raises WikidataError.
        """
        self._cache = cache
        self._client = client
        self._endpoints = client.endpoints if client else endpoints or Endpoints()
        self._missing: dict[Question, None] = {}
        if client is not None:
            cache.forget_old()

    @property
    def missing(self) -> tuple[Question, ...]:
        """The questions asked so far to which there is no answer."""
        return tuple(self._missing)

    def to(self, questions: Iterable[Question]) -> Mapping[Question, Any]:
        """Return the answers by question, in the forms of `kgpub.wikidata.forms`.

        Those without an answer are left out. Raises WikidataError; what came before is kept.
        """
        known: dict[Question, Any] = {}
        open_: list[Question] = []
        for question in dict.fromkeys(questions):
            answer = self._cache.get(question, self._source(question))
            if answer is None:
                open_.append(question)
            else:
                known[question] = answer
        if self._client is None:
            self._missing |= dict.fromkeys(open_)
            return known
        for answers in self._client.answers(open_):
            self._cache.put({(each, self._source(each)): told for each, told in answers.items()})
            known |= answers
        return known

    def _source(self, question: Question) -> str:
        sparql = question.kind in STATEMENTS
        return self._endpoints.sparql if sparql else self._endpoints.api
