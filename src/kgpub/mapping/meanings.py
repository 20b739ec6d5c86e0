"""What stands for a wrong value, type or key by its name: kinds, classes, properties, entities.

Nothing of this is worked out before something is wrong, and no suggestion is taken for granted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache, partial
from itertools import islice
from unicodedata import category

from pyoxigraph import Literal, NamedNode

from kgpub.mapping.called import Called
from kgpub.mapping.unseen import hidden_in_key
from kgpub.mapping.values import folder_meant
from kgpub.messages import Lines, Message
from kgpub.model.keys import nearest_key
from kgpub.model.slug import ValueProblem, is_slug, quoted
from kgpub.model.tree import Fields, Scalar, Tree, inner
from kgpub.names import MAX_LENGTH
from kgpub.vocabulary import ENTITY_SECTIONS, KG, RDFS, SKOS
from kgpub.vocabulary import terms as kg
from kgpub.vocabulary.schema import RETRACTION, Form, Schema, Term, schema
from kgpub.vocabulary.shape_rules import (
    Graph,
    class_rules,
    concepts,
    ontology_graph,
    shapes_graph,
)

MAX_NAMED = 20_000
"""Names of entities in one file that are read; a hostile file has hundreds of thousands."""
MAX_SHOWN = 10
"""Kinds that a message lists; the rest are counted."""

_OF_RETRACTIONS = {"date": "since", "day": "since", "reason": "because", "contributor": "by"}
_NAMES = frozenset((kg.name, kg.alternativeName, kg.spelling))
_LABELS = (RDFS + "label", SKOS + "prefLabel", SKOS + "altLabel")
_BY_NAME = frozenset(("slug-invalid", "reference-without-folder", "folder-unknown"))
"""The codes of what is said of a reference that may be a name."""
_BY_LABEL = frozenset(("kind-invalid", "scheme-not-allowed"))
"""The codes of what is said of a kind that may be written by its label."""


class Meanings:
    """What the values of one submission may stand for."""

    def __init__(self, submission: Fields, schema: Schema) -> None:
        # Not of bound methods: what refers to itself stays in memory until Python looks for cycles.
        self._entities = cache(partial(_called, submission, schema))
        self._things = cache(partial(_described, submission, schema))

    def of(
        self,
        problem: ValueProblem,
        text: str,
        term: Term,
        type_: str,
        fits: Callable[[str], bool],
    ) -> ValueProblem:
        """Return what is wrong with `text` under `term` on the class `type_`, as `problem` says.

        Its remedy names what may be meant where that is found. `fits` tells whether another text
        could stand there.
        """
        remedy = self._remedy(problem, text, term, type_)
        hidden = [each for each in text[:MAX_LENGTH] if category(each) == "Cf"]
        visible = "".join(each for each in text[:MAX_LENGTH] if each not in hidden)
        # Of web addresses it is told already.
        if not hidden or len(text) > MAX_LENGTH or "://" in text or not fits(visible):
            return ValueProblem(problem.message, remedy or problem.remedy)
        character = f"U+{ord(hidden[0]):04X}"
        message = Message("holds-invisible", value=quoted(text), character=character)
        # A kind may be misspelt besides; a slug may be described elsewhere.
        meant = remedy if term.form is Form.CONCEPT else None
        name = self._parted(re.sub(f"[{''.join(hidden)}]+", "-", text), visible, term)
        return ValueProblem(message, meant or Message("did-you-mean", name=name))

    def _parted(self, parted: str, visible: str, term: Term) -> str:
        """Return the slug `parted` if the file describes what has it, and not `visible`."""
        folder = f"{term.folder}/" if term.folder else ""
        named = self._things(folder)
        return parted if folder + parted in named and folder + visible not in named else visible

    def _remedy(self, problem: ValueProblem, text: str, term: Term, type_: str) -> Message | None:
        if term.form is Form.CONCEPT:
            return _kind_remedy(problem, text, term, type_)
        if problem.message.code in _BY_NAME and problem.remedy.code != "write-value":
            return _did_you_mean(self._entities_meant(text, term))
        if problem.remedy.code == "write-suggestion":
            # What began “since 2019” began in 2019.
            time = dict(problem.remedy.values)["suggestion"]
            since, until = time.removesuffix("/.."), time.removeprefix("../")
            told = {kg.start: since, kg.end: until}.get(term.predicate.value, time)
            return Message("write-suggestion", suggestion=told)
        return None

    def _entities_meant(self, text: str, term: Term) -> tuple[str, ...]:
        """Return the entities of the file that are called `text`, as the key of `term` takes them.

        Before the name may stand a folder.
        """
        before, slash, name = text.partition("/")
        folder = folder_meant(before) if slash else term.folder
        if folder is None or term.form is Form.ASSERTED or (term.folder not in ("", folder)):
            return ()
        found = self._entities(folder).meant(name if slash else text)
        return tuple(each.partition("/")[2] for each in found) if term.folder else found


def _called(submission: Fields, schema: Schema, folder: str) -> Called:
    named = _named(submission, schema, f"{folder}/" if folder else "")
    return Called(islice(named, MAX_NAMED), in_part=True)


def _described(submission: Fields, schema: Schema, folder: str) -> frozenset[str]:
    return frozenset(thing for _, thing in islice(_named(submission, schema, folder), MAX_NAMED))


def _named(submission: Fields, schema: Schema, wanted: str) -> Iterator[tuple[str, str]]:
    """Yield the names of the entities in a folder, of all if it is empty, with their slugs."""
    keys = {key for key, term in schema.terms.items() if term.predicate.value in _NAMES}
    for section, (_, folder) in ENTITY_SECTIONS.items():
        entities = submission.get(section)
        for slug, body in entities if isinstance(entities, Fields) else ():
            if wanted in ("", folder) and is_slug(slug.text):
                yield slug.text, f"{folder}{slug.text}"
                yield from ((name, f"{folder}{slug.text}") for name in _names(body, keys))


def _names(body: Tree, keys: set[str]) -> Iterator[str]:
    for key, value in body if isinstance(body, Fields) else ():
        if key.text in keys:
            yield from (each.text for each in inner(value) if isinstance(each, Scalar))


def type_remedy(text: str, types: tuple[str, ...]) -> Message:
    """Return which of the classes `types` is meant by `text`, else which there are."""
    return _did_you_mean(_classes(types).meant(text)) or types_here(types)


def types_here(types: Sequence[str]) -> Message:
    """Return that one of `types` fits here."""
    return Message("types-here", types=", ".join(types))


def told_of_key(text: str, type_: str, schema: Schema) -> ValueProblem:
    """Return what is wrong with the key `text`, which the class `type_` has not."""
    homes = schema.homes(text)
    if homes:
        message = Message("key-misplaced", key=repr(text), type=type_)
        meant = {"Submission": _section_remedy, RETRACTION: _retraction_remedy}.get(type_)
        remedy = meant(text) if meant else None
        return ValueProblem(message, remedy or Message("stands-on", types=", ".join(homes)))
    if text in schema.terms:
        return ValueProblem(Message("key-computed", key=repr(text)), Message("remove-it"))
    hidden = hidden_in_key(text, schema.keys(type_))
    remedy = hidden or _key_remedy(text, type_, schema.base)
    return ValueProblem(Message("unknown-key", key=quoted(text)), remedy)


def _retraction_remedy(text: str) -> Message | None:
    """Return which key of a retraction is meant by one that stands elsewhere."""
    return _did_you_mean([repr(_OF_RETRACTIONS[text])]) if text in _OF_RETRACTIONS else None


def _section_remedy(text: str) -> Message | None:
    """Return which section is meant by `text` if that is what one thing in it is called."""
    named = {folder.removesuffix("/"): key for key, (_, folder) in ENTITY_SECTIONS.items()}
    return Message("did-you-mean", name=repr(named[text])) if text in named else None


def _key_remedy(text: str, type_: str, base: str) -> Message:
    """Return which key of the class `type_` is meant by `text`, else which there are."""
    keys = schema(base).keys(type_)
    meant = _keys(type_, base).meant(text)
    if not meant and (near := nearest_key(text, keys)):
        meant = (near,)
    here = Message("keys-here", keys=", ".join(sorted(keys)))
    return _did_you_mean(list(map(repr, meant))) or here


def _kind_remedy(problem: ValueProblem, text: str, term: Term, type_: str) -> Message | None:
    """Return which kind is meant by `text`, else which there are; None where none is asked for."""
    scheme = class_rules(_shapes(), type_).of(term.predicate.value).scheme
    if not scheme or problem.message.code not in _BY_LABEL:
        return None
    # `kind:election` is how Turtle writes it.
    name = text.rpartition(":")[2]
    if found := _did_you_mean(_kinds(scheme, term.base).meant(name)):
        return found
    if problem.message.code != "kind-invalid":
        return None
    kinds = [each.value.removeprefix(term.base) for each in concepts(_ontology(), scheme)]
    parts = [Message("a-name", name=each) for each in kinds[:MAX_SHOWN]]
    if len(kinds) > MAX_SHOWN:
        parts.append(Message("and-more", number=len(kinds) - MAX_SHOWN))
    here = Message("kinds-here", kinds=Lines(parts, Message("comma")))
    return Lines([here, problem.remedy])


def _did_you_mean(names: Sequence[str]) -> Message | None:
    if len(names) < 2:
        return Message("did-you-mean", name=names[0]) if names else None
    each = [Message("a-name", name=name) for name in names]
    return Message("did-you-mean", name=Lines(each, Message("or")))


@lru_cache(maxsize=1)
def _ontology() -> Graph:
    return ontology_graph()


@lru_cache(maxsize=1)
def _shapes() -> Graph:
    return shapes_graph()


@lru_cache(maxsize=16)
def _classes(types: tuple[str, ...]) -> Called:
    return _labelled((KG + each, each) for each in types)


@lru_cache(maxsize=32)
def _keys(type_: str, base: str) -> Called:
    found = schema(base)
    # All sections have one property, but each a class of its own.
    sections = {key: KG + class_ for key, (class_, _) in ENTITY_SECTIONS.items()}
    return _labelled(
        (sections.get(key) or found.terms[key].predicate.value, key) for key in found.keys(type_)
    )


@lru_cache(maxsize=32)
def _kinds(scheme: str, base: str) -> Called:
    found = [each.value for each in concepts(_ontology(), scheme)]
    return _labelled((each, each.removeprefix(base)) for each in found)


def _labelled(things: Iterable[tuple[str, str]]) -> Called:
    """Return things of the ontology, pairs of IRI and how they are written, by their labels."""
    names: list[tuple[str, str]] = []
    for iri, written in things:
        labels = [each for name in _LABELS for each in _ontology().all(NamedNode(iri), name)]
        names += ((each.value, written) for each in labels if isinstance(each, Literal))
        names.append((written, written))
    return Called(names)
