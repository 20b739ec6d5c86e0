"""A query as a request puts it."""

from __future__ import annotations

from typing import NamedTuple

from kgpub.service.http.tags import tag_of
from kgpub.service.sparql.cache import Question
from kgpub.service.sparql.pool import Pool
from kgpub.service.sparql.wire import Task


class Query(NamedTuple):
    """What is asked, and of which pool.

    `coding` is that of the answer, "" for none; `known` the value of If-None-Match; `is_constant`
    tells that on the same data the answer is always the same.
    """

    question: Question
    coding: str
    known: str
    is_constant: bool
    pool: Pool

    @property
    def task(self) -> Task:
        asked = self.question
        return Task(asked.text, asked.forms, asked.graphs, asked.on)

    @property
    def tag(self) -> str:
        """The entity tag of the answer, "" where it may be another the next time."""
        if not self.is_constant:
            return ""
        asked = self.question
        return tag_of(asked.version, asked.text, repr(asked.graphs), *asked.forms, asked.on)

    def on(self, version: str) -> Query:
        """Return the same query on a build, which may be served since."""
        if version == self.question.version:
            return self
        return self._replace(question=self.question._replace(version=version))
