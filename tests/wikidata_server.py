"""A small Wikidata on loopback: MediaWiki's API and a SPARQL endpoint, over made-up items.

It answers in the documented forms (api.php?action=help for wbsearchentities, wbgetentities and
query+search; "Wikibase/DataModel/JSON"; "Wikibase/Indexing/RDF Dump Format"; "Manual:Maxlag
parameter"), as PHP writes them: an empty map is an empty list. Its SPARQL is evaluated for real, by
Oxigraph. What it refuses, Wikidata refuses too. Faults are answered in turn, one a request.
"""

from __future__ import annotations

import gzip
import json
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, Store

Json = dict[str, Any]
LANGUAGES = (
    *("ar", "ckb", "ku", "en", "fa", "tr", "mul", "arz", "azb", "ku-arab", "ku-latn"),
    *("ps", "ur", "he", "syr", "de", "es", "fr", "it", "nl", "pt", "ru", "sv"),
)
STATEMENTS = Path(__file__).with_name("wikidata_statements.ttl")


@dataclass(frozen=True)
class Entity:
    """An item: its names, and how many sitelinks. `STATEMENTS` has what is stated of it."""

    labels: Mapping[str, str]
    aliases: Mapping[str, Sequence[str]] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    sitelinks: int = 0


ENTITIES = {
    "Q9000001": Entity(
        {"ar": "سالم الوردي", "ckb": "سالم وەردی", "en": "Salim al-Wardi"},
        {"en": ["Salem al-Wardi", "Salim Wardi"]},
        {"en": "politician made up for a test"},
        7,
    ),
    "Q9000002": Entity({"ar": "سالم الوردي", "en": "Salim al-Wardi"}, sitelinks=1),
    "Q9000003": Entity({"ar": "رئيس وزراء سهلستان", "en": "Prime Minister of Sahlistan"}),
    "Q9000004": Entity({"ar": "حزب السهل", "ckb": "پارتی دەشت", "en": "Plain Party"}, sitelinks=3),
    "Q9000005": Entity({"ar": "سهلستان", "ckb": "سەهلستان", "en": "Sahlistan"}, sitelinks=90),
    "Q9000006": Entity({"en": "Salim al-Wardi"}, descriptions={"en": "disambiguation page"}),
    "Q9000007": Entity({"en": "Battle of the Plain", "ar": "معركة السهل"}),
    "Q9000008": Entity({"en": "al-Wardi", "ar": "الوردي"}, descriptions={"en": "family name"}),
    "Q9000009": Entity({}),
    "Q9000010": Entity({"en": "Mayor of the Plain"}),
    "Q9000011": Entity({"ar": "مدينة السهل", "en": "Plain City"}, sitelinks=12),
    "Q9000012": Entity({"ar": "السهل", "en": "Plain"}),
    "Q9000013": Entity({"en": "Museum of Wadis"}),
    "Q9000014": Entity({"en": "list of wadis"}),
}
REDIRECTS = {"Q9000090": "Q9000001"}
"""Items that were merged into others; Q9000091 was deleted."""


@dataclass(frozen=True)
class Fault:
    """What is answered to one request instead of what was asked for.

    `content` None is the proper answer; only the first `cut` bytes of it are sent. `delay` is in
    seconds, before the answer, or `drip` before each byte.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None
    cut: int | None = None
    delay: float = 0.0
    drip: float = 0.0


def maxlag(seconds: float) -> Fault:
    """The refusal of a request with maxlag: status 200, and what is wrong in the body."""
    told = f"Waiting for a database server: {seconds} seconds lagged."
    error = {"code": "maxlag", "info": told, "host": "10.0.0.1", "lag": seconds, "type": "db"}
    content = json.dumps({"error": error, "servedby": "mw1"}).encode()
    return Fault(content=content, headers={"Retry-After": "5", "MediaWiki-API-Error": "maxlag"})


@dataclass(frozen=True)
class Asked:
    """A request as the server saw it."""

    path: str
    parameters: Mapping[str, str]
    headers: Mapping[str, str]


class WikidataServer:
    """The addresses of the server, what it was asked, and the faults that it is still to make."""

    def __init__(self, port: int) -> None:
        self.origin = f"http://127.0.0.1:{port}"
        self.api = f"{self.origin}/w/api.php"
        self.sparql = f"{self.origin}/sparql"
        self.asked: list[Asked] = []
        self.faults: deque[Fault] = deque()
        self.compress = False
        self.stopping = Event()
        self.graph = Store()
        self.graph.load(path=STATEMENTS, format=RdfFormat.TURTLE)

    def actions(self) -> list[str]:
        """What was asked, one word a request: the action, or `sparql`."""
        return [each.parameters.get("action", "sparql") for each in self.asked]

    def answer(self, asked: Asked) -> tuple[int, bytes, str]:
        """Return status, content and type of the proper answer to a request."""
        agent = asked.headers.get("User-Agent", "")
        if "(" not in agent or agent.startswith(("Python-urllib", "sparqlwrapper")):
            told = b"Please set a user-agent and respect our robot policy"
            return 403, told, "text/plain"
        if urlsplit(asked.path).path == "/sparql":
            return self._select(asked.parameters["query"])
        api = {"wbsearchentities": _search, "wbgetentities": _entities, "query": _words}
        return 200, _dumped(api[asked.parameters["action"]](asked.parameters)), "application/json"

    def _select(self, query: str) -> tuple[int, bytes, str]:
        try:
            rows = self.graph.query(query)
        except SyntaxError as error:
            return 400, str(error).encode(), "text/plain"
        assert isinstance(rows, QuerySolutions)
        content = rows.serialize(format=QueryResultsFormat.JSON)
        assert content is not None
        return 200, content, "application/sparql-results+json"


def _search(parameters: Mapping[str, str]) -> Json:
    """Items with a name in the language, or one that it falls back to, that begins so."""
    language, text = parameters["language"], parameters["search"].casefold()
    if language not in LANGUAGES:
        return _error("badvalue", f'Unrecognized value for parameter "language": {language}.')
    hits = []
    for qid, entity in ENTITIES.items():
        for tag in (language, "mul", "en"):
            kinds = [("label", each) for each in [entity.labels.get(tag)] if each]
            kinds += [("alias", each) for each in entity.aliases.get(tag, ())]
            found = [each for each in kinds if each[1].casefold().startswith(text)]
            if found:
                hits.append(_hit(qid, entity, tag, *found[0]))
                break
    limit = int(parameters.get("limit", "7"))
    more = {"search-continue": limit} if len(hits) > limit else {}
    told = {"search": parameters["search"]}
    return {"searchinfo": told, "search": hits[:limit], **more, "success": 1}


def _hit(qid: str, entity: Entity, tag: str, kind: str, text: str) -> Json:
    label = entity.labels.get(tag, text)
    return {
        "id": qid,
        "title": qid,
        "pageid": int(qid[1:]),
        "display": {"label": {"value": label, "language": tag}},
        "repository": "wikidata",
        "url": f"//www.wikidata.org/wiki/{qid}",
        "concepturi": f"http://www.wikidata.org/entity/{qid}",
        "label": label,
        "match": {"type": kind, "language": tag, "text": text},
        **({"aliases": [text]} if text != label else {}),
    }


def _words(parameters: Mapping[str, str]) -> Json:
    """Items with all the words in their names; signs are operators, which a test must not send."""
    text = parameters["srsearch"]
    if not all(each.isalnum() or each == " " for each in text):
        return _error("cirrussearch-parse-error", text)
    hits = []
    for qid, entity in ENTITIES.items():
        names = [
            *entity.labels.values(),
            *(each for tag in entity.aliases.values() for each in tag),
        ]
        words = {word for name in names for word in name.casefold().replace("-", " ").split()}
        if words >= set(text.split()):
            hits.append({"ns": 0, "title": qid, "pageid": int(qid[1:])})
    return {"batchcomplete": "", "query": {"searchinfo": {"totalhits": len(hits)}, "search": hits}}


def _entities(parameters: Mapping[str, str]) -> Json:
    asked = parameters["ids"].split("|")
    if len(asked) > 50:
        told = 'Too many values supplied for parameter "ids". The limit is 50.'
        return _error("toomanyvalues", told, limit=50)
    found = {}
    for qid in asked:
        number = qid.removeprefix("Q")
        if not number.isdecimal() or not 0 < int(number) < 2**31:
            told = f'Could not find an entity with the ID "{qid}".'
            return _error("no-such-entity", told, id=qid)
        found[qid] = _entity(qid, parameters["languages"].split("|"))
    return {"entities": found, "success": 1}


def _entity(qid: str, languages: Sequence[str]) -> Json:
    target = REDIRECTS.get(qid, qid)
    if target not in ENTITIES:
        return {"id": qid, "missing": ""}
    entity = ENTITIES[target]

    def terms(values: Mapping[str, str]) -> Any:
        told = {
            tag: {"language": tag, "value": text}
            for tag, text in values.items()
            if tag in languages
        }
        return told or []

    aliases = {
        tag: [{"language": tag, "value": each} for each in texts]
        for tag, texts in entity.aliases.items()
    }
    sitelinks = {
        f"{number}wiki": {"site": f"{number}wiki", "title": "x", "badges": []}
        for number in range(entity.sitelinks)
    }
    return {
        "pageid": int(target[1:]),
        "ns": 0,
        "title": target,
        "lastrevid": 1,
        "modified": "2026-11-01T00:00:00Z",
        **({"redirects": {"from": qid, "to": target}} if target != qid else {}),
        "type": "item",
        "id": target,
        "labels": terms(entity.labels),
        "descriptions": terms(entity.descriptions),
        "aliases": aliases or [],
        "sitelinks": sitelinks or [],
    }


def _error(code: str, told: str, **more: object) -> Json:
    help_ = "See https://www.wikidata.org/w/api.php for API usage."
    return {"error": {"code": code, "info": told, **more, "*": help_}, "servedby": "mw1"}


def _dumped(answer: Json) -> bytes:
    return json.dumps(answer, ensure_ascii=False).encode()


def _handler(server: Callable[[], WikidataServer]) -> type[BaseHTTPRequestHandler]:
    class Wikidata(BaseHTTPRequestHandler):
        """Answers, or makes the next fault."""

        def do_GET(self) -> None:
            self._reply(urlsplit(self.path).query)

        def do_POST(self) -> None:
            self._reply(self.rfile.read(int(self.headers["Content-Length"])).decode())

        def _reply(self, parameters: str) -> None:
            asked = Asked(self.path, dict(parse_qsl(parameters)), dict(self.headers.items()))
            server().asked.append(asked)
            fault = server().faults.popleft() if server().faults else Fault()
            server().stopping.wait(fault.delay)
            status, content, type_ = server().answer(asked)
            if fault.status != 200 or fault.content is not None:
                status, content = fault.status, fault.content or b""
            headers = {"Content-Type": type_, **fault.headers}
            if server().compress and "gzip" in asked.headers.get("Accept-Encoding", ""):
                headers["Content-Encoding"], content = "gzip", gzip.compress(content)
            with suppress(ConnectionError):
                self._send(status, headers, content, fault)

        def _send(
            self, status: int, headers: Mapping[str, str], content: bytes, fault: Fault
        ) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if not fault.drip:
                self.wfile.write(content[: fault.cut])
                return
            for byte in content:
                self.wfile.write(bytes([byte]))
                if server().stopping.wait(fault.drip):
                    return

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    return Wikidata


@contextmanager
def wikidata_server() -> Iterator[WikidataServer]:
    """Run a server in a thread, on a port that is free."""
    servers: list[WikidataServer] = []
    http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(lambda: servers[0]))
    server = WikidataServer(http.server_port)
    servers.append(server)
    thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stopping.set()
        http.shutdown()
        http.server_close()
        thread.join()
