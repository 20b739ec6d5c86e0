"""What a submitter may have meant: the nearest slug or kind that there is, the nearest day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad
from rapidfuzz import fuzz, process

from kgpub.mapping.edtf import advised, is_day
from kgpub.messages import Message
from kgpub.model.report import Result
from kgpub.model.slug import MAX_QUOTED
from kgpub.pipeline.expectations import Expectations, one_of, parameter_of, str_of
from kgpub.vocabulary import EDTF, ENTITY_SECTIONS, RDFS, SH, SKOS, XSD
from kgpub.vocabulary.schema import TYPE, schema

if TYPE_CHECKING:
    from kgpub.validation import Shapes

MIN_SIMILARITY = 70
"""Of 100; below it a suggestion would puzzle more than help."""
MAX_COMPARED = 20_000
"""Names in one folder that are compared; with more, comparing takes longer than looking."""

_LABEL = RDFS + "label"
_IN_SCHEME = SKOS + "inScheme"
_IN = SH + "InConstraintComponent"
_CLOSED = SH + "ClosedConstraintComponent"
_OF_WHAT_IT_IS = frozenset(
    f"{SH}{name}ConstraintComponent" for name in ("Class", "Node", "Or", "Xone", "HasValue")
)
"""What refuses a reference for what is described under it, or because nothing is."""


class _Names:
    """What quads describe, by IRI: the slugs of each folder, the kinds of each scheme, labels.

    The same quad may come several times, from several files or as what was and what is.
    """

    def __init__(self, quads: Iterable[Quad]) -> None:
        self.described: set[str] = set()
        self.folders: dict[str, list[str]] = defaultdict(list)
        self.schemes: dict[str, dict[str, None]] = defaultdict(dict)
        self.labels: dict[str, dict[str, str]] = defaultdict(dict)
        for quad in quads:
            if not isinstance(quad.subject, NamedNode):
                continue
            name = quad.subject.value
            if quad.predicate == TYPE and name not in self.described:
                self.described.add(name)
                folder, _, slug = name.rpartition("/")
                self.folders[folder].append(slug)
            elif quad.predicate.value == _IN_SCHEME and isinstance(quad.object, NamedNode):
                self.schemes[quad.object.value][name] = None
            elif quad.predicate.value == _LABEL and isinstance(quad.object, Literal):
                self.labels[name][quad.object.language or ""] = quad.object.value
        self._with_word: dict[str, dict[str, set[str]]] = {}

    def only_with_words_of(self, slug: str, folder: str) -> str | None:
        """Return the only slug of `folder` that has all the words of `slug` and more, or None."""
        if folder not in self._with_word:
            self._with_word[folder] = defaultdict(set)
            for each in self.folders.get(folder, ()):
                for word in each.split("-"):
                    self._with_word[folder][word].add(each)
        with_word = self._with_word[folder]
        found = set.intersection(*(with_word.get(word, set()) for word in slug.split("-")))
        return next(iter(found)) if len(found) == 1 else None


class Suggestions:
    """Finds names near to one that is not there, among those that `quads()` describe.

    It is not asked for them before a result needs them.
    """

    def __init__(self, quads: Callable[[], Iterable[Quad]], shapes: Shapes) -> None:
        self.shapes = shapes
        self.scheme_of = schemes_of_shapes(shapes)
        self._names = names = cache(lambda: _Names(quads()))
        # Without `self`: what refers to itself stays in memory until Python looks for cycles.
        self.expectations = Expectations(shapes, lambda: names().labels)

    def describe(self, iri: str) -> bool:
        """Return whether something is said of `iri`."""
        return iri in self._names().described

    def near(self, result: Result) -> Message | None:
        """Return what the value of `result` may stand for, as a remedy; None where nothing is near.

        That is the slug of what there is, as its key takes it, one of a list, the property of a
        closed shape, or the day of the calendar.
        """
        value = result.value
        if result.component == _IN and value is not None:
            members = {str_of(each): each for each in self.expectations.allowed(result)}
            found = nearest(str_of(value), members)
            # What differs in its datatype alone would be suggested as it is.
            return Message("did-you-mean", name=found) if found and found != str_of(value) else None
        if result.component == _CLOSED:
            return self._property(result)
        if isinstance(value, Literal):
            return self._date(result, value.value)
        meant = self.meant(result)
        if meant is None:
            return None
        otherwise = _under_other_section(meant, result)
        if otherwise is not None:
            return otherwise
        name = _local(meant) if result.shape in self.scheme_of else _written(meant, result)
        return Message("did-you-mean", name=name)

    def meant(self, result: Result) -> str | None:
        """Return the IRI that the value of `result`, a misspelt reference or kind, may stand for.

        None where nothing is near, or what is referred to is there: then something else is wrong.
        An entity of that very slug below the base of what refers, or in another folder, is meant
        before one of a slug like it, and this before the only one whose slug has all its words.
        """
        value = result.value
        if not isinstance(value, NamedNode) or value == result.focus:
            return None
        if result.component not in _OF_WHAT_IT_IS:
            return None
        scheme = self.scheme_of.get(result.shape)
        if scheme is not None:
            kinds = {_local(kind): kind for kind in self._names().schemes[scheme]}
            if value.value in kinds.values():
                return None
            kind = nearest(_local(value.value), kinds)
            return None if kind is None else kinds[kind]
        if self.describe(value.value):
            return None
        folder, _, slug = value.value.rpartition("/")
        focus = result.focus.value if isinstance(result.focus, NamedNode) else value.value
        for other in (*below(_parts(focus)[0], value.value), *same_slugs(value.value)):
            if self.describe(other):
                return other
        near = nearest(slug, self._names().folders.get(folder, ()))
        near = near or self._names().only_with_words_of(slug, folder)
        return None if near is None else f"{folder}/{near}"

    def expected(self, result: Result) -> Message | None:
        """Return what is to be told of what was expected beside the shape's own messages, or None.

        That is what `Expectations` say, and of a kind that is near to none, which kinds there are.
        """
        scheme = self.scheme_of.get(result.shape)
        kinds = self._names().schemes.get(scheme) if scheme else None
        if kinds and result.value is not None and parameter_of(result) == "node":
            return None if self.near(result) else one_of(sorted(map(_local, kinds)))
        return self.expectations.beside(result)

    def _property(self, result: Result) -> Message | None:
        """Return the property that is nearest to one that a closed shape does not allow."""
        used = (result.path or "").strip("<>")
        names = {_local(each.value): each.value for each in self.expectations.properties(result)}
        found = nearest(_local(used), names)
        if found is None:
            return None
        return Message("did-you-mean", name=names[found] if found == _local(used) else found)

    def _date(self, result: Result, text: str) -> Message | None:
        """Return how to mend a value that should be a date, or a time in EDTF, and is none."""
        if result.component != SH + "DatatypeConstraintComponent":
            return None
        wanted = self.shapes.index.objects(NamedNode(result.shape), SH + "datatype")
        if NamedNode(XSD + "date") in wanted:
            advice = advised(text, None, is_day)
        elif NamedNode(EDTF + "EDTF") in wanted:
            advice = advised(text)
        else:
            return None
        return advice[0] if advice else None


def schemes_of_shapes(shapes: Shapes) -> Mapping[str, str]:
    """Return the scheme whose kinds each property shape asks for, by the shapes' IRIs.

    Such a shape has a sh:node, a property of which, skos:inScheme, must have the scheme as value.
    """
    index = shapes.index
    found: dict[str, str] = {}
    for shape, node in index.pairs(SH + "node"):
        for inner in index.objects(node, SH + "property"):
            paths = index.objects(inner, SH + "path")
            values = index.objects(inner, SH + "hasValue")
            if NamedNode(_IN_SCHEME) in paths and values:
                found[str(shape).strip("<>")] = str(values[0]).strip("<>")
    return found


def same_slugs(iri: str) -> tuple[str, ...]:
    """Return the IRIs that the slug of the entity `iri` has in the other folders of entities."""
    base, folder, slug = _parts(iri)
    folders = [each for _, each in ENTITY_SECTIONS.values()]
    if folder not in folders:
        return ()
    return tuple(f"{base}{each}{slug}" for each in folders if each != folder)


def below(base: str, iri: str) -> tuple[str, ...]:
    """Return what the entity `iri`, which is below another base, would be below `base`."""
    its, folder, slug = _parts(iri)
    return (f"{base}{folder}{slug}",) if its != base else ()


def _under_other_section(iri: str, result: Result) -> Message | None:
    """Return that the entity `iri` is none that stands, by its slug, under the key of `result`."""
    base, folder, slug = _parts(iri)
    sections = {each: section for section, (_, each) in ENTITY_SECTIONS.items()}
    terms = schema(base).terms.values() if folder in sections else ()
    wanted = {each.folder for each in terms if str(each.predicate) == result.path and each.folder}
    if not wanted or folder.removesuffix("/") in wanted:
        return None
    here = ", ".join(sections[f"{each}/"] for each in sorted(wanted))
    return Message("described-elsewhere", slug=slug, section=sections[folder], here=here)


def _parts(iri: str) -> tuple[str, str, str]:
    """Return what an IRI is made of: base, folder, both with a slash at their end, and slug."""
    rest, _, slug = iri.rpartition("/")
    base, slash, folder = rest.rpartition("/")
    return base + slash, f"{folder}/", slug


def _written(iri: str, result: Result) -> str:
    """Return what stands for the entity or event `iri` under the key that `result` is about.

    That is its slug where the key says in which folder it lies, else folder and slug.
    """
    base, folder, slug = _parts(iri)
    if not base:
        return iri
    terms = schema(base).terms.values()
    bare = any(str(term.predicate) == result.path and f"{term.folder}/" == folder for term in terms)
    return slug if bare else f"{folder}{slug}"


def nearest(text: str, names: Iterable[str]) -> str | None:
    """Return that of `names` which `text` may stand for, letters small or capital, or None."""
    candidates = sorted(names)
    if len(candidates) > MAX_COMPARED:
        return None
    found = process.extractOne(
        text[:MAX_QUOTED],
        candidates,
        scorer=fuzz.ratio,
        processor=str.casefold,
        score_cutoff=MIN_SIMILARITY,
    )
    return found[0] if found else None


def _local(iri: str) -> str:
    return iri.replace("#", "/").rpartition("/")[2]
