"""A workspace whose submissions are reviewed: served by the command itself, with tokens."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.service.served import BASE, Got, fetch
from tests.service.whole_served import Served, whole

from kgpub.pipeline.initial import create_workspace
from kgpub.pipeline.workspace import STATE, Workspace
from kgpub.service.tokens.keeping import KeptTokens
from kgpub.service.tokens.token import Scope, Token, minted

SECONDS = 60.0
"""In which a submission is built, on a machine that has much else to do."""
NEW = """\
article: example
people:
  nadia-karim: {name: {ar: نادية كريم, en: Nadia Karim}}
statements:
  - words: وقالت حسن
    about: [person/nadia-karim]
"""
CONTRADICTING = """\
article: example
statements:
  - words: لسالم عمر الذي تولى المنصب عام 2019
    asserts:
      - {type: Tenure, person: layla-hasan, office: mayor-of-al-waha, start: 2019, end: 2020}
      - {type: Tenure, person: salim-omar, office: mayor-of-al-waha, start: 2019, end: 2020}
"""


@dataclass(frozen=True)
class Desk:
    """A server, and those who have tokens: `submitter`, `editor`, `other` (an editor as well)."""

    served: Served
    root: Path
    tokens: Mapping[str, str]

    @property
    def origin(self) -> str:
        return self.served.origin

    def as_(self, who: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[who]}"}

    def submit(self, facts: str | bytes, media_type: str = "application/yaml") -> dict[str, Any]:
        """Send a submission, and return what the server says of it."""
        body = facts.encode() if isinstance(facts, str) else facts
        headers = {"Content-Type": media_type, **self.as_("submitter")}
        got = fetch(f"{self.origin}/api/submissions", body, **headers)
        assert got.status in (200, 201), got.body.decode()
        told: dict[str, Any] = json.loads(got.body)
        return told

    def submission(self, id_: str, who: str = "editor") -> dict[str, Any]:
        got = fetch(f"{self.origin}/api/submissions/{id_}", **self.as_(who))
        assert got.status == 200
        told: dict[str, Any] = json.loads(got.body)
        return told

    def page(self, id_: str, lang: str = "en") -> Got:
        return fetch(f"{self.origin}/review/{id_}?lang={lang}", **self.as_("editor"))

    def post(self, id_: str, who: str = "editor", lang: str = "en", **form: str) -> Got:
        """Send the form of a page."""
        url = f"{self.origin}/review/{id_}?lang={lang}"
        return fetch(url, form, **self.as_(who))

    def decide(self, id_: str, who: str = "editor", **members: Any) -> Got:
        """Decide as a program does."""
        headers = {"Content-Type": "application/json", **self.as_(who)}
        url = f"{self.origin}/api/submissions/{id_}/decisions"
        return fetch(url, json.dumps(members).encode(), **headers)

    def ask(self, query: str) -> list[dict[str, Any]]:
        """Return the rows that the endpoint answers with."""
        got = fetch(f"{self.origin}/sparql", {"query": query}, Accept="application/json")
        assert got.status == 200, got.body
        rows: list[dict[str, Any]] = json.loads(got.body)["results"]["bindings"]
        return rows

    def published(self, id_: str) -> dict[str, Any]:
        """Wait until a submission is published, and return what is said of it."""
        eventually(lambda: self.submission(id_)["state"] == "published")
        return self.submission(id_)


def eventually(is_so: Callable[[], bool], seconds: float = SECONDS) -> None:
    """Wait until something is so."""
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, "it has not come to be"
        time.sleep(0.05)


def new_workspace(root: Path) -> Workspace:
    """A workspace with the example that comes with kgpub, built."""
    for _ in create_workspace(root, BASE, "Facts of Al-Waha", "Me", "https://example.org/licence"):
        pass
    workspace = Workspace(root)
    workspace.build()
    return workspace


def token(root: Path, name: str, *scopes: str) -> str:
    """Make a token, as `kgpub token create` does."""
    text, id_, digest = minted(secrets.token_bytes)
    allowed = frozenset(Scope(scope) for scope in scopes)
    made = Token(id_, name, allowed, datetime.now(UTC), None, digest)
    KeptTokens(root / STATE).add(made)
    return text


@contextmanager
def desk(root: Path, **environment: str) -> Iterator[Desk]:
    """Serve a built workspace, taking submissions."""
    tokens = {
        "submitter": token(root, "Sami the submitter", "submit"),
        "editor": token(root, "Layla the editor", "review"),
        "other": token(root, "باسم", "review"),
    }
    with whole(root, **{"submissions": "1", **environment}) as served:
        yield Desk(served, root, tokens)
