"""What a validation says: results as SHACL defines them, apart from engine and rendering."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode

from kgpub.vocabulary import SH

VIOLATION = SH + "Violation"
WARNING = SH + "Warning"
INFO = SH + "Info"
SEVERITIES = (VIOLATION, WARNING, INFO)
"""From the one that refuses down to the one that merely tells."""

Node = NamedNode | BlankNode | Literal


@dataclass(frozen=True)
class Result:
    """One validation result (SHACL, section 3.6.2).

    `path` is the result path in SPARQL property path syntax, a bare predicate as `<iri>`, or
    None. `component`, `shape` and `severity` are IRIs; `messages` are sorted literals.
    """

    focus: Node
    path: str | None
    value: Node | None
    component: str
    shape: str
    severity: str
    messages: tuple[Literal, ...] = ()

    @property
    def key(self) -> tuple[int, str, str, str, str, str, tuple[str, ...]]:
        """What identifies the result, and the order of results: severest first.

        Messages belong to it: one query can have several solutions for a focus node and value,
        which differ only in what their messages say.
        """
        rank = SEVERITIES.index(self.severity) if self.severity in SEVERITIES else 0
        value = "" if self.value is None else str(self.value)
        messages = tuple(str(message) for message in self.messages)
        return (rank, str(self.focus), self.path or "", value, self.component, self.shape, messages)

    def message(self, language: str) -> str:
        """Return the message in `language` (a BCP 47 tag), else in English, else any."""
        by_language = {literal.language or "": literal.value for literal in self.messages}
        for tag in (language, "en", ""):
            if tag in by_language:
                return by_language[tag]
        return next(iter(by_language.values()), "")


@dataclass(frozen=True)
class Report:
    """All results of one validation, without repeats, in the order of their keys.

    Results of the severities `allowed` do not keep the data from conforming, as where pySHACL is
    told to allow them; SHACL itself allows none.
    """

    results: tuple[Result, ...]
    allowed: frozenset[str] = frozenset()

    @classmethod
    def of(cls, results: list[Result]) -> Report:
        """Sort `results` and drop repeats."""
        unique = {result.key: result for result in results}
        return cls(tuple(unique[key] for key in sorted(unique)))

    @property
    def conforms(self) -> bool:
        """True where nothing refuses the data: there is no Violation.

        Warnings and Infos are told and do not refuse; `sh:conforms` of SHACL, section 3.6.1.1,
        is true only where there is no result at all.
        """
        return not any(result.severity not in (WARNING, INFO) for result in self.results)
