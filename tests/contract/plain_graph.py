"""The plainest graph that can be validated incrementally: a list that is searched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import Triple

from kgpub.model.report import Node
from kgpub.validation.graph_view import MUCH
from kgpub.validation.index import Subject
from kgpub.validation.submitted import StoredForms, SubmittedLiterals


class PlainGraph:
    """Triples; `much` is how many about a node, or that lead to it, may be read as a whole."""

    def __init__(self, triples: Iterable[Triple] = (), much: int = MUCH) -> None:
        self._triples = dict.fromkeys(triples)
        self._much = much
        self.read = 0
        """Terms and triples that were handed out."""

    def change(self, added: Iterable[Triple], removed: Iterable[Triple]) -> None:
        """Remove triples, then add others."""
        for triple in removed:
            self._triples.pop(triple, None)
        self._triples.update(dict.fromkeys(added))

    def objects(self, subject: Node, predicate: str) -> list[Node]:
        found = [each for each in self._about(subject) if each.predicate.value == predicate]
        return [each.object for each in self._handed_out(found)]  # type: ignore[misc]

    def subjects(self, predicate: str, value: Node, limit: int | None = None) -> list[Subject]:
        found = [each for each in self._leading(value) if each.predicate.value == predicate]
        return [each.subject for each in self._handed_out(found[:limit])]  # type: ignore[misc]

    def away(self, subject: Node) -> list[Triple] | None:
        found = self._handed_out(self._about(subject)[: self._much + 1])
        return None if len(found) > self._much else found

    def here(self, value: Node) -> list[Triple] | None:
        found = self._handed_out(self._leading(value)[: self._much + 1])
        return None if len(found) > self._much else found

    def outgoing(self, subject: Node) -> list[Triple]:
        return self._handed_out(self._about(subject))

    def triples(self) -> Iterator[Triple]:
        return iter(self._handed_out(list(self._triples)))

    def forms(self) -> StoredForms:
        """Return what a store would make of its literals."""
        return SubmittedLiterals(self._triples).forms()

    def _about(self, subject: Node) -> list[Triple]:
        return [each for each in self._triples if each.subject == subject]

    def _leading(self, value: Node) -> list[Triple]:
        return [each for each in self._triples if each.object == value]

    def _handed_out(self, found: list[Triple]) -> list[Triple]:
        self.read += len(found)
        return found
