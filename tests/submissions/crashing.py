"""Somebody who submits, decides and publishes without end, and what must hold when they are killed.

What is acknowledged is told through a pipe as soon as it is: a line for each. Nothing of kgpub is
believed when it is looked at afterwards: files are read by PyYAML, the queue by SQLite.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import random
import select
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from pyoxigraph import QuerySolutions
from tests.service.review_served import new_workspace

from kgpub.pipeline.workspace import STATE, Workspace
from kgpub.submissions.checking import shapes_digest
from kgpub.submissions.deciding import Decision, Found, Seen, decide
from kgpub.submissions.kept import Queue
from kgpub.submissions.publishing import Publisher
from kgpub.submissions.submission import Account, Article, Content

ANNA, LAYLA = Account("token/a", "Anna"), Account("token/l", "Layla")
TEXT = "Nadia spoke. The council met on Sunday.\n"
_OF_ONE_WORKSPACE = 25
"""Moments; with each there is more to build."""
METADATA = "title: {en: The council met}\nlanguage: en\npublisher: the-example-paper\n"


def _facts(slug: str, number: str, words: str) -> bytes:
    return (
        f"article: {slug}\npeople:\n  person-{number}: {{name: {{en: Person {number}}}}}\n"
        f"statements:\n  - words: {words}\n    about: [person/person-{number}]\n"
    ).encode()


def _content(number: str, kind: int) -> Content:
    """The submission of a number: a new article's, one that no build accepts, or any."""
    if kind == 0:
        own = Article(f"{number}: {TEXT}".encode(), METADATA.encode())
        slug = f"article-{number}"
        return Content(slug, ".yaml", _facts(slug, number, "Nadia spoke."), own)
    words = "these are not there" if kind == 1 else "وقالت حسن"
    return Content("example", ".yaml", _facts("example", number, words))


def work(root: Path, pipe: int, begin: int) -> None:
    """Submit, accept and publish until somebody ends this process."""
    place = Workspace(root)
    queue = Queue(root / STATE, lambda: datetime.now(UTC))
    for number in itertools.count(begin):
        content = _content(str(number), number % 5)
        text = content.article.text if content.article else _example(root)
        digest = hashlib.sha256(text).hexdigest()
        received = queue.receive(content, digest, ANNA).submission
        _tell(pipe, received.id, "received", number)
        found = Found(True, digest, shapes_digest())
        if number % 7 == 3:
            decide(queue, received, Seen(received.version), Decision.reject, LAYLA, "No.")
            _tell(pipe, received.id, "rejected", number)
            continue
        decide(queue, received, Seen(received.version, digest), Decision.accept, LAYLA, "", found)
        _tell(pipe, received.id, "accepted", number)
        if number % 2:
            outcome = Publisher(place, queue).publish()
            for id_ in outcome.published:
                _tell(pipe, id_, "published", number)


def _example(root: Path) -> bytes:
    return (root / "articles/example/article.txt").read_bytes()


def _tell(pipe: int, id_: str, what: str, number: int) -> None:
    # Shorter than what a pipe takes at once: a line is there, or it is not.
    os.write(pipe, f"{id_} {what} {number}\n".encode())


@dataclass
class Observer:
    """Starts the worker again and again, kills it, and looks at what is there.

    `acknowledged` has what was told of each submission by its identifier.
    """

    root: Path
    random: random.Random
    acknowledged: dict[str, set[str]] = field(default_factory=dict)
    begin: int = 0
    whole: dict[Path, bytes] = field(default_factory=dict)

    def kill_once(self, longest: float) -> None:
        """Let the worker work for a moment of up to `longest` seconds, and kill it."""
        reading, writing = os.pipe()
        process = os.fork()
        if process == 0:
            os.close(reading)
            try:
                work(self.root, writing, self.begin)
            finally:
                os._exit(1)
        os.close(writing)
        time.sleep(self.random.uniform(0.0, longest))
        os.kill(process, signal.SIGKILL)
        _, status = os.waitpid(process, 0)
        assert os.WIFSIGNALED(status), "the worker has failed by itself"
        self._take_note(reading)
        self.look()

    def _take_note(self, reading: int) -> None:
        told = b""
        while select.select([reading], [], [], 0)[0] and (chunk := os.read(reading, 65_536)):
            told += chunk
        os.close(reading)
        for line in told.decode().splitlines():
            id_, what, number = line.split()
            self.acknowledged.setdefault(id_, set()).add(what)
            self.begin = max(self.begin, int(number))
        self.begin += 1

    def look(self) -> None:
        """Assert that nothing acknowledged is lost, and that nothing is there twice or half."""
        events = self._events()
        for id_, acknowledged in self.acknowledged.items():
            assert acknowledged <= set(events[id_]), (id_, acknowledged, events[id_])
        for id_, actions in events.items():
            assert actions["published"] <= 1 and actions["received"] == 1, (id_, actions)
        states = self._states()
        files = self.files()
        for id_, path in files.items():
            assert states[id_] in ("accepted", "published"), (id_, states[id_])
            if path not in self.whole or states[id_] == "accepted":
                self._assert_whole(id_, path)
        for id_, state in states.items():
            assert state != "published" or id_ in files, id_
        for folder in (self.root / "articles").iterdir():
            names = {path.name for path in folder.iterdir() if not path.name.startswith(".")}
            assert folder.name.startswith(".") or {"article.txt", "article.yaml"} <= names

    def finish(self) -> None:
        """Let what is accepted be published, and assert that all of it is, once."""
        place = Workspace(self.root)
        Publisher(place, Queue(self.root / STATE, lambda: datetime.now(UTC))).publish()
        self.look()
        states = self._states()
        assert "accepted" not in states.values()
        assert {id_ for id_, state in states.items() if state == "published"} == set(self.files())
        hidden = list(self.root.glob("articles/**/.submission-*"))
        assert hidden == []
        query = "SELECT ?p ?g { GRAPH ?g { ?p a kg:Person } FILTER CONTAINS(STR(?p), 'person-') }"
        answer = place.query(query)
        assert isinstance(answer, QuerySolutions)
        found = Counter(str(row["g"]) for row in answer)
        assert set(found.values()) <= {1}
        assert len(found) == len(self.files())

    def files(self) -> Mapping[str, Path]:
        """The files of submissions, each once."""
        found = [
            path
            for path in self.root.glob("articles/*/submission-*")
            if not path.parent.name.startswith(".")
        ]
        by_id = {path.stem.removeprefix("submission-"): path for path in found}
        assert len(by_id) == len(found), found
        return by_id

    def _assert_whole(self, id_: str, path: Path) -> None:
        found = path.read_bytes()
        if self.whole.setdefault(path, found) != found:
            raise AssertionError(f"{path} has changed")
        content: dict[str, Any] = yaml.safe_load(found)
        assert found.startswith(self._sent(id_))
        assert content["accepted"]["editor"] == "Layla"
        assert content["accepted"]["submitter"] == ["Anna"]

    def _sent(self, id_: str) -> bytes:
        query = "SELECT body FROM revision WHERE submission = ?"
        ((body,),) = self._rows(query, id_)
        assert isinstance(body, bytes)
        return body

    def _states(self) -> dict[str, str]:
        return dict(self._rows("SELECT id, state FROM submission"))

    def _events(self) -> dict[str, Counter[str]]:
        found: dict[str, Counter[str]] = {}
        for id_, action in self._rows("SELECT submission, action FROM event"):
            found.setdefault(id_, Counter())[action] += 1
        return found

    def _rows(self, query: str, *values: str) -> list[Any]:
        path = self.root / STATE / "submissions.sqlite"
        if not path.exists():
            return []
        connection = sqlite3.connect(path)
        try:
            is_made = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            return connection.execute(query, values).fetchall() if is_made else []
        finally:
            connection.close()


def observe(root: Path, moments: int, seed: int, longest: float = 1.5) -> Observer:
    """Kill the worker at so many moments, in a new workspace after each few."""
    source = random.Random(seed)
    observer = Observer(root, source)
    for first in range(0, moments, _OF_ONE_WORKSPACE):
        folder = root / f"workspace-{first}"
        new_workspace(folder)
        observer = Observer(folder, source)
        last = min(first + _OF_ONE_WORKSPACE, moments)
        for _ in range(first, last):
            observer.kill_once(longest)
        observer.finish()
        print(f"{last} moments, {len(observer.acknowledged)} submissions in the last workspace")
    return observer
