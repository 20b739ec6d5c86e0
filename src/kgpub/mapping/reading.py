"""Tree to records: each key checked against the schema, each value against its key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from pyoxigraph import BlankNode, Literal, NamedNode
from rapidfuzz import fuzz, process

from kgpub.errors import FileProblems
from kgpub.mapping.records import Pair, Record
from kgpub.mapping.values import (
    LABEL,
    check_language,
    concept,
    reference,
    typed,
)
from kgpub.model.slug import MAX_QUOTED, ValueProblem, check_slug, is_slug, quoted
from kgpub.model.tree import Fields, Items, Scalar, Tree
from kgpub.vocabulary import ENTITY_SECTIONS, context
from kgpub.vocabulary.schema import ASSERTED_TYPES, STATEMENT_TYPES, VERBATIM, Form, Schema, Term

CONTEXT_IRI = "https://w3id.org/kgpub/ontology/context.jsonld"
_KEYWORDS = {"@id": "id", "@type": "type"}
_KEYWORD_KEYS = frozenset((*_KEYWORDS, *_KEYWORDS.values()))
# Looking up a member of an enumeration takes longer than all that is done with it here.
_ASSERTED, _BY_LANGUAGE, _CONCEPT, _NODES, _OCCURRENCE, _REFERENCE, _SECTION, _TYPED = (
    Form[name]
    for name in (
        *("ASSERTED", "BY_LANGUAGE", "CONCEPT", "NODES"),
        *("OCCURRENCE", "REFERENCE", "SECTION", "TYPED"),
    )
)
_DESCRIBED = (_NODES, _ASSERTED)


class Reading:
    """Reads one file; what is wrong gathers in `problems`, and reading goes on after it."""

    def __init__(self, schema: Schema, problems: FileProblems, language: str) -> None:
        self.schema = schema
        self.problems = problems
        self.language = language
        self.known: Mapping[str, list[str]] = {}

    def article(self, tree: Tree, name: NamedNode) -> Record:
        """Read the metadata of an article."""
        fields = self._fields(tree, "an article's metadata")
        self._type(fields, ("Article",), "Article")
        return self._record(fields, "Article", name)

    def submission(self, tree: Tree, name: NamedNode) -> Record:
        """Read a submission with all that it describes and records."""
        fields = self._fields(tree, "a submission")
        fields = Fields(tuple(self._top_level(fields)), fields.line, fields.column)
        self._type(fields, ("Submission",), "Submission")
        known: dict[str, list[str]] = defaultdict(list)
        for section, (_, folder) in ENTITY_SECTIONS.items():
            entities = fields.get(section)
            for slug, _ in entities if isinstance(entities, Fields) else ():
                known[slug.text].append(f"{folder}{slug.text}")
        self.known = known
        return self._record(fields, "Submission", name)

    def _top_level(self, fields: Fields) -> Iterator[tuple[Scalar, Tree]]:
        for key, value in fields:
            if key.text != "@context":
                yield key, value
            elif not isinstance(value, Scalar) or value.text != CONTEXT_IRI:
                message = "only kgpub's own context is read; none is fetched from elsewhere"
                self.problems.add(value, message, f"Write {CONTEXT_IRI} or leave @context out.")

    def _fields(self, tree: Tree, what: str) -> Fields:
        if isinstance(tree, Fields):
            return tree
        self.problems.add(
            tree, f"{what} is a mapping of keys to values", "Write `key: value` lines."
        )
        return Fields((), tree.line, tree.column)

    def _record(self, fields: Fields, type_: str, name: NamedNode | None) -> Record:
        pairs: list[Pair] = []
        grounded: dict[str, Scalar] = {}
        label: str | None = None
        allowed, terms = self.schema.keys(type_), self.schema.terms
        self._keywords(fields)
        for key, value in fields.entries:
            if key.text in allowed:
                term = terms[key.text]
                if key.text not in VERBATIM:
                    self._pairs(value, term, pairs)
                elif isinstance(value, Scalar):  # grounding tells of any other, and of a blank one
                    grounded[key.text] = value
                    literal = Literal(value.text, language=self.language)
                    pairs.append(Pair(term.predicate, literal, value.line, value.column))
                continue
            keyword = _KEYWORDS.get(key.text, key.text)
            if keyword == "id":
                name, label = self._identifier(value, type_, name)
            elif keyword != "type":
                self._unknown_key(key, type_)
        return Record(
            type_,
            name,
            label,
            tuple(pairs),
            fields.line,
            fields.column,
            grounded.get("words"),
            grounded.get("introduced-by"),
        )

    def _keywords(self, fields: Fields) -> None:
        found: dict[str, str] = {}
        for key, _ in fields.entries:
            if key.text not in _KEYWORD_KEYS:
                continue
            keyword = _KEYWORDS.get(key.text, key.text)
            if found.setdefault(keyword, key.text) != key.text:
                message = f"{key.text!r} says again what {found[keyword]!r} says"
                self.problems.add(key, message, "Remove one of the two.")

    def _unknown_key(self, key: Scalar, type_: str) -> None:
        allowed = self.schema.keys(type_)
        if self.problems.full:
            return
        homes = self.schema.homes(key.text)
        nearest = process.extractOne(
            key.text[:MAX_QUOTED].lower(), sorted(allowed), scorer=fuzz.ratio, score_cutoff=60
        )
        if homes:
            message = f"{key.text!r} has no place on a {type_}"
            remedy = f"It stands on: {', '.join(homes)}."
        elif key.text in self.schema.terms:
            message, remedy = f"{key.text!r} is worked out by kgpub", "Remove it."
        elif nearest:
            message, remedy = f"unknown key {quoted(key.text)}", f"Did you mean {nearest[0]!r}?"
        else:
            message, remedy = (
                f"unknown key {quoted(key.text)}",
                f"Keys here: {', '.join(sorted(allowed))}.",
            )
        self.problems.add(key, message, remedy)

    def _identifier(
        self, value: Tree, type_: str, name: NamedNode | None
    ) -> tuple[NamedNode | None, str | None]:
        text = value.text if isinstance(value, Scalar) else ""
        if type_ in ASSERTED_TYPES and LABEL.fullmatch(text):
            return name, text[2:]
        folder, _, slug = text.partition("/")
        if type_ == "Event" and folder == "event" and is_slug(slug):
            return NamedNode(self.schema.base + text), None
        remedies = {"Event": "Write event/slug, or a label such as _:escape."}
        facts = "Write a label such as _:stay, or leave id out."
        default = facts if type_ in ASSERTED_TYPES else "Leave it out."
        self.problems.add(
            value, f"{quoted(text)} cannot be the id of a {type_}", remedies.get(type_, default)
        )
        return name, None

    def _pairs(self, value: Tree, term: Term, pairs: list[Pair]) -> None:
        """Append what stands under the key of `term` to `pairs`."""
        form = term.form
        if form is _BY_LANGUAGE:
            self._by_language(value, term, pairs)
        elif form is _SECTION:
            self._section(value, term, pairs)
        elif form in _DESCRIBED:  # of which there may be none
            for item in value.items if isinstance(value, Items) else (value,):
                self._node(item, term, pairs)
        elif form is not _OCCURRENCE:  # which grounding reads
            for item in self._listed(value, term) if isinstance(value, Items) else (value,):
                self._scalar(item, term, pairs)

    def _listed(self, value: Items, term: Term) -> tuple[Tree, ...]:
        if not value.items:
            self._no_value(value, term)
        return value.items

    def _no_value(self, at: Tree, term: Term) -> None:
        self.problems.add(at, f"{term.key!r} has no value", "Give one, or remove the key.")

    def _section(self, value: Tree, term: Term, pairs: list[Pair]) -> None:
        type_, folder = ENTITY_SECTIONS[term.key]
        for slug, body in self._fields(value, f"{term.key!r}"):
            try:
                name = NamedNode(self.schema.base + folder + check_slug(slug.text))
            except ValueProblem as problem:
                self.problems.add(slug, problem.message, problem.remedy)
                continue
            fields = self._fields(body, quoted(slug.text))
            self._type(fields, (type_,), type_)
            entity = self._record(fields, type_, name)
            pairs.append(Pair(term.predicate, entity, slug.line, slug.column))

    def _node(self, item: Tree, term: Term, pairs: list[Pair]) -> None:
        if term.form is _ASSERTED and (target := _reference_to(item)) is not None:
            self._scalar(target, term, pairs)
            return
        fields = self._fields(item, f"each of {term.key!r}")
        if not fields.entries:
            if isinstance(item, Fields):
                message = f"one of {term.key!r} is empty"
                self.problems.add(item, message, "Describe it, or remove it.")
            return
        if term.form is _ASSERTED:
            chosen = self._type(fields, ASSERTED_TYPES, None)
        elif term.key == "statements":
            default = STATEMENT_TYPES[fields.get("said-by") is not None]
            chosen = self._type(fields, STATEMENT_TYPES, default)
        else:
            chosen = self._type(fields, ("Participation",), "Participation")
        if chosen is not None:
            record = self._record(fields, chosen, None)
            pairs.append(Pair(term.predicate, record, fields.line, fields.column))

    def _type(self, fields: Fields, types: tuple[str, ...], default: str | None) -> str | None:
        value = fields.get("type") or fields.get("@type")
        if value is None:
            if default is None:
                self.problems.add(fields, "the type is missing", f"Types here: {', '.join(types)}.")
            return default
        if isinstance(value, Scalar) and value.text in types:
            return value.text
        text = value.text if isinstance(value, Scalar) else ""
        nearest = process.extractOne(text[:MAX_QUOTED], types, score_cutoff=70)
        remedy = f"Did you mean {nearest[0]}?" if nearest else f"Types here: {', '.join(types)}."
        self.problems.add(value, f"{quoted(text)} is no type that fits here", remedy)
        return default

    def _by_language(self, value: Tree, term: Term, pairs: list[Pair]) -> None:
        if isinstance(value, Scalar) and not value.text.strip():
            self._no_value(value, term)
            return
        if not isinstance(value, Fields):
            short = isinstance(value, Scalar) and len(value.text) <= MAX_QUOTED
            text = value.text if isinstance(value, Scalar) and short else "…"
            remedy = f"Write {term.key}: {{{self.language}: {text}}}."
            self.problems.add(value, f"{term.key!r} needs the language of its text", remedy)
            return
        if not value.entries:
            self._no_value(value, term)
        for tag, texts in value:
            try:
                language = check_language(tag.text)
            except ValueProblem as problem:
                self.problems.add(tag, problem.message, problem.remedy)
                continue
            for item in self._listed(texts, term) if isinstance(texts, Items) else (texts,):
                if (content := self._text(item, term)) is not None:
                    literal = Literal(content, language=language)
                    pairs.append(Pair(term.predicate, literal, item.line, item.column))

    def _text(self, item: Tree, term: Term) -> str | None:
        if not isinstance(item, Scalar):
            self.problems.add(item, f"{term.key!r} takes a text", "Write it behind the key.")
        elif not item.text.strip():
            self._no_value(item, term)
        else:
            return item.text
        return None

    def _scalar(self, item: Tree, term: Term, pairs: list[Pair]) -> None:
        text = self._text(item, term)
        if text is None:
            return
        try:
            pairs.append(Pair(term.predicate, self._term(text, term), item.line, item.column))
        except ValueProblem as problem:
            self.problems.add(item, problem.message, problem.remedy)

    def _term(self, text: str, term: Term) -> NamedNode | BlankNode | Literal:
        form = term.form
        if form is _REFERENCE or form is _ASSERTED:
            return reference(text, term, self.known)
        if form is _CONCEPT:
            return concept(text, term, context(self.schema.base))
        if form is _TYPED:
            assert term.datatype is not None
            return typed(text, term.datatype)
        return Literal(text)


def _reference_to(item: Tree) -> Scalar | None:
    """Return what an item of `asserts` refers to: `event/slug`, or a node with only an id."""
    if isinstance(item, Scalar):
        return item
    if isinstance(item, Fields) and [key.text for key, _ in item] in (["id"], ["@id"]):
        value = item.entries[0][1]
        return value if isinstance(value, Scalar) else None
    return None
