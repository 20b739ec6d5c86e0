"""What the last build's validation said, kept so that a change need not validate everything.

It belongs to one generation of the store, to shapes, settings, software and engine; with any
other it is as if nothing were kept, and all is validated.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from itertools import chain

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize

from kgpub.model.report import Result
from kgpub.pipeline.cache import VERDICTS, Cache, CacheReader, CannotTell, software_digest
from kgpub.pipeline.dataset import digest_of
from kgpub.serialisation.terms import Term, terms_of
from kgpub.validation.incremental import Key, Recheck, State
from kgpub.validation.submitted import StoredForms, SubmittedLiterals

_LITERALS = "literals"
_WHY_NOT = "no verdicts"
_UNREADABLE = "what was kept of the last build cannot be read"
_ENGINES = ("shacl", "pyshacl", "pyoxigraph", "rdflib")


def key_of(fingerprint: str, found_by: tuple[str, str]) -> str:
    """Return what verdicts on a generation of the store are valid for.

    They were found by an engine, under a digest of settings and kinds.
    """
    versions = (_version(name) for name in _ENGINES)
    return digest_of([fingerprint, *found_by, software_digest(), *versions])


@lru_cache
def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def kept_forms(cache: CacheReader) -> StoredForms:
    """Return the literals of what was built last.

    Raises CannotTell and sqlite3.DatabaseError where they cannot be read.
    """
    text = cache.required(_LITERALS)
    try:
        quads = list(parse(text.encode(), format=RdfFormat.N_TRIPLES))
    except (SyntaxError, ValueError) as error:
        raise CannotTell(_UNREADABLE) from error
    return SubmittedLiterals(quad.triple for quad in quads).forms()


def why_not(cache: CacheReader) -> str:
    """Return why the last build kept no verdicts, or ""."""
    return cache.state(_WHY_NOT)


def keep(cache: Cache, key: str, state: State, forms: StoredForms) -> None:
    """Keep all verdicts of `state`, for `key`, in the place of any that there are."""
    cache.forget_verdicts()
    _put(cache, key, state.results, forms)


def keep_none(cache: Cache, reason: str) -> None:
    """Forget all verdicts, and note why."""
    cache.forget_verdicts()
    cache.note(_WHY_NOT, reason)


def replace(cache: Cache, key: str, recheck: Recheck, forms: StoredForms) -> None:
    """Put new verdicts in the place of those that a change has made void; all are now for `key`."""
    for root, target in recheck.changed:
        cache.forget_verdict(str(root), str(target))
    _put(cache, key, recheck.changed, forms)


def state_of(cache: CacheReader, focuses: Iterable[Term] | None = None) -> State:
    """Return what is kept: all, or of each root and target the results on some of `focuses`.

    Raises CannotTell where it cannot be read.
    """
    try:
        rows = list(cache.verdicts(None if focuses is None else map(str, focuses)))
        return State(_unpacked_rows(rows))
    except (SyntaxError, ValueError, TypeError, KeyError, AssertionError) as error:
        raise CannotTell(_UNREADABLE) from error


def _unpacked_rows(rows: list[tuple[str, str, str]]) -> dict[Key, frozenset[Result]]:
    packed = [json.loads(results) for _, _, results in rows]
    texts = chain.from_iterable(_terms(each) for each in chain.from_iterable(packed))
    terms = terms_of(chain(texts, *((root, target) for root, target, _ in rows)))
    results: dict[Key, frozenset[Result]] = {}
    for (root, target, _), some in zip(rows, packed, strict=True):
        shape = terms[root]
        assert not isinstance(shape, Literal)
        key = shape, terms[target]
        unpacked = frozenset(_unpacked(each, terms) for each in some)
        results[key] = results.get(key, frozenset()) | unpacked
    return results


def _put(
    cache: Cache, key: str, results: Mapping[Key, frozenset[Result]], forms: StoredForms
) -> None:
    for (root, target), some in results.items():
        by_focus: dict[str, list[Result]] = {}
        for result in some:
            by_focus.setdefault(str(result.focus), []).append(result)
        for focus, several in by_focus.items():
            packed = [_packed(each) for each in sorted(several, key=lambda each: each.key)]
            text = json.dumps(packed, ensure_ascii=False)
            cache.keep_verdict(focus, str(root), str(target), text)
    literals = (
        Triple(NamedNode("urn:n"), NamedNode(predicate), literal)
        for predicate, _, literal in forms.literals()
    )
    cache.note(_LITERALS, (serialize(literals, format=RdfFormat.N_TRIPLES) or b"").decode())
    cache.note(_WHY_NOT, "")
    cache.note(VERDICTS, key)


def _packed(result: Result) -> list[object]:
    value = None if result.value is None else str(result.value)
    messages = [str(each) for each in result.messages]
    return [
        *(str(result.focus), result.path, value),
        *(result.component, result.shape, result.severity, messages),
    ]


def _terms(packed: list[object]) -> Iterator[str]:
    focus, _, value, *_, messages = packed
    yield str(focus)
    if value is not None:
        yield str(value)
    assert isinstance(messages, list)
    yield from messages


def _unpacked(packed: list[str], terms: Mapping[str, Term]) -> Result:
    focus, path, value, component, shape, severity, messages = packed
    return Result(
        focus=terms[focus],
        path=path,
        value=None if value is None else terms[value],
        component=component,
        shape=shape,
        severity=severity,
        messages=tuple(each for text in messages if isinstance(each := terms[text], Literal)),
    )
