"""Constraints of sh:sparql, and the results that their solutions stand for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from kgpub.model.report import Node, Result
from kgpub.validation.index import Subject, text_of
from kgpub.validation.queries import ConstraintQuery
from kgpub.validation.shape_places import Fault
from kgpub.vocabulary import SH

SPARQL_COMPONENT = SH + "SPARQLConstraintComponent"
SHAPES_GRAPH = "urn:kgpub:shapes-graph"
"""What $shapesGraph is pre-bound to."""

_PLACEHOLDER = re.compile(r"\{[?$](\w+)\}")


@dataclass(frozen=True)
class SparqlConstraint:
    """One SPARQL constraint of one shape; `path` is the shape's sh:path as SPARQL, or None.

    `node` is the value of sh:sparql or, for one of a constraint component of its own, the
    validator. `bindings` are the component's parameters.
    """

    node: Subject
    shape: Subject
    query: ConstraintQuery
    path: str | None
    severity: str
    messages: tuple[Literal, ...]
    component: str = SPARQL_COMPONENT
    bindings: tuple[tuple[str, Node], ...] = ()

    @property
    def needs_solution(self) -> bool:
        """True where a message depends on more of a solution than $this, ?path and ?value."""
        named = {name for each in self.messages for name in _PLACEHOLDER.findall(each.value)}
        known = {"this", "path", "value", *(name for name, _ in self.bindings)}
        return bool(({*named} & {*self.query.variables}) - known) or (
            "message" in self.query.variables
        )

    def fault(self, text: str) -> Fault:
        """Return what is wrong with the query, to be told with its place."""
        predicate = SH + ("ask" if self.query.is_ask else "select")
        return Fault(self.shape, text, predicate, None, self.node)

    def result(self, solution: Mapping[str, Node], focus: Node) -> Result:
        """Return the result that `solution` stands for (SHACL, section 5.3.2)."""
        path, value = solution.get("path"), solution.get("value")
        if value is None and self.path is None:
            value = focus
        return Result(
            focus=focus,
            path=str(path) if isinstance(path, NamedNode) else self.path,
            value=value,
            component=self.component,
            shape=text_of(self.shape),
            severity=self.severity,
            messages=self._messages({**solution, "this": focus}, value),
        )

    def _messages(self, solution: Mapping[str, Node], value: Node | None) -> tuple[Literal, ...]:
        message = solution.get("message")
        if isinstance(message, Literal):
            return (message,)
        bindings = solution if value is None else {"value": value, **solution}
        return sorted_messages(fill(each, bindings) for each in self.messages)


def fill(template: Literal, bindings: Mapping[str, Node]) -> Literal:
    """Replace `{?name}` and `{$name}` in a message by lexical forms and IRIs of `bindings`.

    What is not bound stays as it is written. A value is put in as it is: a placeholder within it
    is not replaced again. The message keeps its language.
    """

    def replaced(match: re.Match[str]) -> str:
        term = bindings.get(match[1])
        return match[0] if term is None else text_of(term)

    text = _PLACEHOLDER.sub(replaced, template.value)
    if template.language:
        return Literal(text, language=template.language)
    return Literal(text, datatype=template.datatype)


def sorted_messages(messages: Iterable[Literal]) -> tuple[Literal, ...]:
    """Return messages in the order that a Result has them in."""
    return tuple(sorted(set(messages), key=lambda each: (each.language or "", each.value)))
