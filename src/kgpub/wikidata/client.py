"""Wikidata over the network: MediaWiki's API, and the query service through SPARQLWrapper.

It asks one thing after another, never two at once, says who asks, and waits when told to, as
Wikimedia's API etiquette and User-Agent policy want it.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlencode
from urllib.request import Request

import SPARQLWrapper
from SPARQLWrapper import JSON, POST

from kgpub.linking.classes import CLASSES
from kgpub.patience import Clock, Patience, asked_pause, persist
from kgpub.version import __version__
from kgpub.wikidata import forms
from kgpub.wikidata.errors import Busy, WikidataError
from kgpub.wikidata.exchange import Exchange, Limits, Reply, check_address
from kgpub.wikidata.forms import NO_SUCH_ITEM, NoSuchEntity, Terms
from kgpub.wikidata.names import LANGUAGES, search_words
from kgpub.wikidata.queries import QUERIES, bound
from kgpub.wikidata.question import Kind, Question, is_item

MAX_BATCH = 50
"""Items in one request: more are an error to the API, without a right that bots have."""
MAX_LAG = "5"
"""Seconds that the servers may lag behind before they turn requests away ("Manual:Maxlag")."""
FOUND = 10
"""Items that a search returns."""
MAX_CONTACT = 200

_T = TypeVar("_T")


@dataclass(frozen=True)
class Endpoints:
    """Addresses of the API and the SPARQL endpoint; https, unless they are on this machine."""

    api: str = "https://www.wikidata.org/w/api.php"
    sparql: str = "https://query.wikidata.org/sparql"


class _Query(SPARQLWrapper.SPARQLWrapper):
    """SPARQLWrapper makes the request, and does not send it: it would follow any redirect."""

    def request(self) -> Request:
        return self._createRequest()


class Client:
    """Puts questions to Wikidata."""

    def __init__(
        self,
        contact: str,
        endpoints: Endpoints | None = None,
        clock: Clock | None = None,
        patience: Patience | None = None,
        limits: Limits | None = None,
    ) -> None:
        """`contact` is an address, of mail or web, by which Wikimedia reaches who asks.

        Raises WikidataError where it is none, and for endpoints that may not be asked.
        """
        self.agent = user_agent(contact)
        self.endpoints = endpoints or Endpoints()
        check_address(self.endpoints.api)
        check_address(self.endpoints.sparql)
        self._clock = clock or Clock()
        self._patience = patience or Patience()
        self._exchange = Exchange(limits or Limits(), self._clock.elapsed)

    def answers(self, questions: Iterable[Question]) -> Iterator[Mapping[Question, Any]]:
        """Yield answers, in forms of JSON, as they come: those of one request together.

        What is asked about items goes in batches. Raises WikidataError.
        """
        asked = list(dict.fromkeys(questions))
        for question in asked:
            if question.kind is Kind.search:
                yield {question: self._search(question)}
            elif question.kind is Kind.words:
                yield {question: self._words(question)}
        for kind in (Kind.entity, *QUERIES):
            qids = [question.about for question in asked if question.kind is kind]
            nothing = NO_SUCH_ITEM if kind is Kind.entity else []
            yield {Question(kind, qid): nothing for qid in qids if not is_item(qid)}
            for batch in _batches([qid for qid in qids if is_item(qid)]):
                told = self._entities(batch) if kind is Kind.entity else self._rows(kind, batch)
                yield {Question(kind, qid): answer for qid, answer in told.items()}

    def _search(self, question: Question) -> list[str]:
        parameters = {
            "action": "wbsearchentities",
            "search": question.about,
            "language": question.language,
            "type": "item",
            "limit": str(FOUND),
        }
        return self._api(parameters, forms.search_results)

    def _words(self, question: Question) -> list[str]:
        parameters = {
            "action": "query",
            "list": "search",
            "srsearch": search_words(question.about),
            "srnamespace": "0",
            "srlimit": str(FOUND),
            "srprop": "",
        }
        return self._api(parameters, forms.page_titles)

    def _entities(self, batch: Sequence[str]) -> dict[str, Terms]:
        """Ask for a batch; an item for which the API refuses it all is missing, and left out."""
        told: dict[str, Terms] = {}
        rest = list(batch)
        while rest:
            parameters = {
                "action": "wbgetentities",
                "ids": "|".join(rest),
                "props": "info|labels|aliases|descriptions|sitelinks",
                "languages": "|".join(LANGUAGES),
                "redirects": "yes",
            }
            try:
                told |= self._api(parameters, partial(forms.entities, asked=tuple(rest)))
                break
            except NoSuchEntity as error:
                qid = str(error)
                if qid not in rest:
                    raise forms.unexpected("it refuses an item that was not asked for") from error
                told[qid] = NO_SUCH_ITEM
                rest.remove(qid)
        return told

    def _rows(self, kind: Kind, batch: Sequence[str]) -> dict[str, list[dict[str, str]]]:
        wrapper = _Query(self.endpoints.sparql, agent=self.agent)
        wrapper.setMethod(POST)
        wrapper.setOnlyConneg(True)
        wrapper.setReturnFormat(JSON)
        wrapper.setQuery(bound(QUERIES[kind], batch, CLASSES))
        told: dict[str, list[dict[str, str]]] = {qid: [] for qid in batch}
        for row in self._asked(wrapper.request, forms.bindings):
            item = row.pop("item", "")
            if item not in told:
                raise forms.unexpected("a row is about an item that was not asked for")
            told[item].append(row)
        return told

    def _api(self, parameters: dict[str, str], read: Callable[[Any], _T]) -> _T:
        common = {"format": "json", "utf8": "1", "maxlag": MAX_LAG}
        address = f"{self.endpoints.api}?{urlencode(parameters | common)}"
        headers = {"User-Agent": self.agent, "Accept": "application/json"}
        return self._asked(
            lambda: Request(address, headers=headers),
            lambda tree: read(forms.checked(tree)),
        )

    def _asked(self, make: Callable[[], Request], read: Callable[[Any], _T]) -> _T:
        def ask() -> _T:
            reply = self._exchange.send(make())
            pause = asked_pause(reply.retry_after, self._clock.now())
            try:
                return read(forms.parsed(_content(reply)))
            except Busy as busy:
                raise Busy(str(busy), busy.pause if pause is None else pause) from busy

        return persist(ask, Busy, self._patience, self._clock, _given_up)


def user_agent(contact: str) -> str:
    """Return the User-Agent for who is reached at `contact`. Raises WikidataError.

    Its form, name/version (contact) library/version, is that of Wikimedia's User-Agent policy.
    """
    text = contact.strip()
    plain = text.isascii() and text.isprintable() and not set(text) & set("()\\")
    if not plain or len(text) > MAX_CONTACT or not ("@" in text or "://" in text):
        raise WikidataError(
            "Wikimedia wants to know whom to reach about requests, and the contact is no address",
            "Set it to a mail address, or the https:// address of a page about you.",
        )
    libraries = f"SPARQLWrapper/{SPARQLWrapper.__version__} Python/{platform.python_version()}"
    return f"kgpub/{__version__} ({text}) {libraries}"


def _given_up(busy: Busy, tried: str, pause: float) -> WikidataError:
    wait = f"in {pause:,.0f} seconds" if pause < 120 else f"in {pause / 60:,.0f} minutes"
    remedy = f"Try again {wait}, or work from what is kept, without --live."
    return WikidataError(f"{busy}; tried {tried}", remedy)


def _content(reply: Reply) -> bytes:
    """Return what a reply of status 200 holds. Raises Busy, WikidataError for any other."""
    status = f"HTTP status {reply.status} {reply.reason}".rstrip()
    if reply.status == 200:
        return reply.content
    if reply.status == 429 or reply.status >= 500:
        raise Busy(f"Wikidata does not answer ({status})")
    if 300 <= reply.status < 400:
        raise WikidataError(
            f"Wikidata sends on to {reply.location[:200]!a}, and kgpub does not go there",
            "If you trust that address, set the endpoint to it.",
        )
    remedy = "Check the address of the endpoint."
    if reply.status == 403:
        remedy = "Check that the contact is an address at which you can be reached."
    raise WikidataError(f"Wikidata refuses the request: {status}", remedy)


def _batches(qids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(qids), MAX_BATCH):
        yield qids[start : start + MAX_BATCH]
