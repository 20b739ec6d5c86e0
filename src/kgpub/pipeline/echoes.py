"""Results that follow from another: one mistake is told once.

A result is left out only for one that is among the same results, so that whoever is told these
hears of every mistake, and there is a violation among what is told wherever there was one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyoxigraph import NamedNode, Quad

from kgpub.mapping.emission import UNKNOWN_PUBLISHER
from kgpub.model.report import Result
from kgpub.pipeline.suggestions import Suggestions
from kgpub.vocabulary import SH, SHAPES
from kgpub.vocabulary import terms as kg

_PUBLISHER, _SAID_BY, _NAME, _EVIDENCE = (
    f"<{each}>" for each in (kg.publisher, kg.saidBy, kg.name, kg.evidence)
)
_MIN_COUNT = SH + "MinCountConstraintComponent"
_QUALIFIED_MIN_COUNT = SH + "QualifiedMinCountConstraintComponent"
_LANGUAGE_IN = SH + "LanguageInConstraintComponent"
_MENTIONED = SHAPES + "Entity-mentioned"
_LINK_EVIDENCE = SHAPES + "Link-evidence"
_LINKED_ENTITY = NamedNode(kg.linkedEntity)


def without_echoes(
    results: Sequence[Result], quads: Iterable[Quad], suggestions: Suggestions | None = None
) -> list[Result]:
    """Return the results that do not follow from others of them.

    That an article's publisher is not described is told of the article, not again of each
    statement that it makes; that there is no name, or one in no known language, not again of each
    language; what is wrong with the evidence for a Wikidata item not again of its link; and that
    nothing mentions an entity not where a misspelt reference means it. `quads` are those that
    describe the links.
    """
    publishers = {
        _slug(str(result.value)) if result.value is not None else UNKNOWN_PUBLISHER
        for result in results
        if result.path == _PUBLISHER
    }
    nameless = {
        result.focus
        for result in results
        if result.path == _NAME and result.component in (_MIN_COUNT, _LANGUAGE_IN)
    }
    unmentioned = any(result.shape == _MENTIONED for result in results)
    meant = (
        {suggestions.meant(result) for result in results}
        if unmentioned and suggestions is not None
        else set()
    )
    of_evidence = _echoes_of_evidence(results, quads)
    return [
        result
        for result in results
        if not (
            (result.path == _SAID_BY and _slug(str(result.value)) in publishers)
            or (
                result.path == _NAME
                and result.component == _QUALIFIED_MIN_COUNT
                and result.focus in nameless
            )
            or (result.shape == _MENTIONED and _iri(result) in meant)
            or result in of_evidence
        )
    ]


def _echoes_of_evidence(results: Sequence[Result], quads: Iterable[Quad]) -> set[Result]:
    """Return the results about the evidence of links that are told of their entities as well."""
    echoes = [result for result in results if result.shape == _LINK_EVIDENCE]
    if not echoes:
        return set()
    told: set[tuple[object, str, object]] = {
        (result.focus, result.component, result.value)
        for result in results
        if result.path == _EVIDENCE and result.shape != _LINK_EVIDENCE
    }
    entities: dict[object, object] = {
        quad.subject: quad.object for quad in quads if quad.predicate == _LINKED_ENTITY
    }
    return {
        result
        for result in echoes
        if (entities.get(result.focus), result.component, result.value) in told
    }


def _iri(result: Result) -> str:
    return result.focus.value


def _slug(term: str) -> str:
    return "/".join(term.strip("<>").rsplit("/", 2)[-2:])
