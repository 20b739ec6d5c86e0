"""Tree to records: each key checked against the schema, each value against its key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import replace
from functools import cache, partial

from pyoxigraph import BlankNode, Literal, NamedNode

from kgpub.errors import FileProblems
from kgpub.mapping.identifiers import (
    KEYWORDS,
    check_keywords,
    identified,
    referred,
    unfit_ids,
    written_ids,
)
from kgpub.mapping.meanings import Meanings, told_of_key, type_remedy, types_here
from kgpub.mapping.records import Pair, Record
from kgpub.mapping.values import (
    check_language,
    check_text,
    check_visible,
    concept,
    reference,
    typed,
)
from kgpub.messages import Message
from kgpub.model.slug import MAX_QUOTED, ValueProblem, check_slug, quoted
from kgpub.model.tree import Faulty, Fields, Items, Scalar, Tree
from kgpub.vocabulary import ENTITY_SECTIONS, context
from kgpub.vocabulary import terms as kg
from kgpub.vocabulary.schema import (
    ACCEPTANCE,
    ASSERTED_TYPES,
    RETRACTED,
    RETRACTION,
    STATEMENT_TYPES,
    VERBATIM,
    Form,
    Schema,
    Term,
)

CONTEXT_IRI = "https://w3id.org/kgpub/ontology/context.jsonld"
_TYPE_KEYS = ("type", "@type")
# Looking up a member of an enumeration takes longer than all that is done with it here.
_ACCEPTANCE, _ASSERTED, _BY_LANGUAGE, _CONCEPT = (
    Form[name] for name in ("ACCEPTANCE", "ASSERTED", "BY_LANGUAGE", "CONCEPT")
)
_NODES, _OCCURRENCE, _REFERENCE, _SECTION, _TYPED = (
    Form[name] for name in ("NODES", "OCCURRENCE", "REFERENCE", "SECTION", "TYPED")
)
_DESCRIBED, _REFERENCES = (_NODES, _ASSERTED), (_REFERENCE, _ASSERTED)
_NAMES = frozenset((kg.name, kg.alternativeName, kg.spelling, kg.title))


class Reading:
    """Reads one file; what is wrong gathers in `problems`, and reading goes on after it."""

    def __init__(self, schema: Schema, problems: FileProblems, language: str) -> None:
        self.schema = schema
        self.problems = problems
        self.language = language
        self.known: Mapping[str, list[str]] = {}
        self.ids: Callable[[], Container[str]] = frozenset
        self.unfit: Callable[[], Container[str]] = frozenset
        self.meanings = Meanings(Fields((), 1, 1), schema)
        self.refused: set[Scalar] = set()

    def article(self, tree: Tree, name: NamedNode) -> Record:
        """Read the metadata of an article."""
        fields = self._fields(tree, "article-metadata")
        self._type(fields, ("Article",), "Article")
        return self._record(fields, "Article", name)

    def submission(self, tree: Tree, name: NamedNode) -> Record:
        """Read a submission with all that it describes and records."""
        fields = self._fields(tree, "a-submission")
        fields = replace(fields, entries=tuple(self._top_level(fields)))
        self._type(fields, ("Submission",), "Submission")
        known: dict[str, list[str]] = defaultdict(list)
        for section, (_, folder) in ENTITY_SECTIONS.items():
            entities = fields.get(section)
            for slug, _ in entities if isinstance(entities, Fields) else ():
                known[slug.text].append(f"{folder}{slug.text}")
        self.known = known
        self.ids = cache(partial(written_ids, tree))
        self.unfit = cache(partial(unfit_ids, tree))
        self.meanings = Meanings(fields, self.schema)
        return self._record(fields, "Submission", name)

    def _top_level(self, fields: Fields) -> Iterator[tuple[Scalar, Tree]]:
        for key, value in fields:
            if key.text != "@context":
                yield key, value
            elif isinstance(value, Faulty):
                continue
            elif not isinstance(value, Scalar) or value.text != CONTEXT_IRI:
                remedy = Message("write-context", context=CONTEXT_IRI)
                self.problems.add(value, Message("foreign-context"), remedy)

    def _fields(self, tree: Tree, code: str, key: str = "") -> Fields:
        """Return `tree` if it has keys; `code` is that of what it is called, by its `key`."""
        if isinstance(tree, Fields):
            return tree
        if isinstance(tree, Faulty):
            return Fields((), tree.line, tree.column, partial=True)
        what = Message(code, key=quoted(key)) if key else Message(code)
        message = Message("mapping-expected", what=what)
        self.problems.add(tree, message, Message("write-key-value"))
        return Fields((), tree.line, tree.column)

    def _record(self, fields: Fields, type_: str, name: NamedNode | None) -> Record:
        pairs: list[Pair] = []
        grounded: dict[str, Scalar] = {}
        label: str | None = None
        retraction: Record | None = None
        allowed, terms = self.schema.keys(type_), self.schema.terms
        check_keywords(fields, self.problems)
        for key, value in fields.entries:
            if key.text in allowed:
                term = terms[key.text]
                if key.text == RETRACTED:
                    retraction = self._retraction(value, key, term)
                elif key.text not in VERBATIM:
                    self._pairs(value, term, type_, pairs)
                elif isinstance(value, Scalar):  # grounding tells of any other, and of a blank one
                    grounded[key.text] = value
                    literal = Literal(value.text, language=self.language)
                    pairs.append(Pair(term.predicate, literal, value.line, value.column))
                continue
            keyword = KEYWORDS.get(key.text, key.text)
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
            retraction,
        )

    def _retraction(self, value: Tree, key: Scalar, term: Term) -> Record:
        """Read what says that something is retracted; what is wrong with it refuses the file."""
        fields = self._fields(value, "what-is-under", term.key)
        self._type(fields, (RETRACTION,), RETRACTION)
        # What it lacks is told where it begins.
        return self._record(fields, RETRACTION, None)._replace(line=key.line, column=key.column)

    def _unknown_key(self, key: Scalar, type_: str) -> None:
        if not self.problems.full:
            told = told_of_key(key.text, type_, self.schema)
            self.problems.add(key, told.message, told.remedy)

    def _identifier(
        self, value: Tree, type_: str, name: NamedNode | None
    ) -> tuple[NamedNode | None, str | None]:
        if isinstance(value, Faulty):
            return name, None
        try:
            text = value.text if isinstance(value, Scalar) else ""
            found = identified(text, type_, self.schema.base)
        except ValueProblem as problem:
            self.problems.add(value, problem.message, problem.remedy)
            return name, None
        return (name, found) if isinstance(found, str) else (found, None)

    def _pairs(self, value: Tree, term: Term, type_: str, pairs: list[Pair]) -> None:
        """Append what stands under the key of `term`, on the class `type_`, to `pairs`."""
        if isinstance(value, Faulty):
            return
        form = term.form
        if form is _BY_LANGUAGE:
            self._by_language(value, term, pairs)
        elif form is _SECTION:
            self._section(value, term, pairs)
        elif form is _ACCEPTANCE:
            fields = self._fields(value, "what-is-under", term.key)
            self._type(fields, (ACCEPTANCE,), ACCEPTANCE)
            record = self._record(fields, ACCEPTANCE, None)
            pairs.append(Pair(term.predicate, record, value.line, value.column))
        elif form in _DESCRIBED:  # of which there may be none
            for item in value.items if isinstance(value, Items) else (value,):
                self._node(item, term, type_, pairs)
        elif form is not _OCCURRENCE:  # which grounding reads
            for item in self._listed(value, term) if isinstance(value, Items) else (value,):
                self._scalar(item, term, type_, pairs)
            if term.predicate.value == kg.between:
                self._parties(value)

    def _parties(self, value: Tree) -> None:
        """Tell that the parties of a relationship are one and the same."""
        if not isinstance(value, Items) or len(value.items) < 2:
            return
        names = {item.text if isinstance(item, Scalar) else None for item in value.items}
        if len(names) == 1 and names.isdisjoint((None, "")):
            message = Message("parties-same", party=quoted(names.pop() or ""))
            self.problems.add(value.items[1], message, Message("name-other-party"))

    def _listed(self, value: Items, term: Term) -> tuple[Tree, ...]:
        if not value.items:
            self._no_value(value, term)
        return value.items

    def _no_value(self, at: Tree, term: Term) -> None:
        self.problems.add(at, Message("no-value", key=repr(term.key)), Message("give-value"))

    def _section(self, value: Tree, term: Term, pairs: list[Pair]) -> None:
        type_, folder = ENTITY_SECTIONS[term.key]
        for slug, body in self._fields(value, "what-is-under", term.key):
            try:
                name = NamedNode(self.schema.base + folder + check_slug(slug.text))
            except ValueProblem as problem:
                self.problems.add(slug, problem.message, problem.remedy)
                continue
            fields = self._fields(body, "what-is-under", slug.text)
            self._type(fields, (type_,), type_)
            # What it lacks is told where it begins, not at the first thing that it has.
            entity = self._record(fields, type_, name)._replace(line=slug.line, column=slug.column)
            pairs.append(Pair(term.predicate, entity, slug.line, slug.column))

    def _node(self, item: Tree, term: Term, type_: str, pairs: list[Pair]) -> None:
        if term.form is _ASSERTED and (target := referred(item)) is not None:
            self._scalar(target, term, type_, pairs)
            return
        fields = self._fields(item, "each-of", term.key)
        if not fields.entries:
            if isinstance(item, Fields) and not fields.partial:
                message = Message("item-empty", key=repr(term.key))
                self.problems.add(item, message, Message("describe-or-remove"))
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
        value = next((each for key, each in fields if key.text in _TYPE_KEYS), fields.get("type"))
        if value is None:
            if default is None:
                self.problems.add(fields, Message("type-missing"), types_here(types))
            return default
        if isinstance(value, Scalar) and value.text in types:
            return value.text
        if isinstance(value, Faulty):
            return default
        text = value.text if isinstance(value, Scalar) else ""
        if not self.problems.full:
            message = Message("type-unfit", type=quoted(text))
            self.problems.add(value, message, type_remedy(text, types))
        return default

    def _by_language(self, value: Tree, term: Term, pairs: list[Pair]) -> None:
        if isinstance(value, Scalar) and not value.text.strip():
            self._no_value(value, term)
            return
        if not isinstance(value, Fields):
            short = isinstance(value, Scalar) and len(value.text) <= MAX_QUOTED
            text = value.text if isinstance(value, Scalar) and short else "…"
            remedy = Message("write-with-language", key=term.key, language=self.language, text=text)
            self.problems.add(value, Message("language-needed", key=repr(term.key)), remedy)
            return
        if not value.entries and not value.partial:
            self._no_value(value, term)
        for tag, texts in value:
            try:
                language = check_language(tag.text)
            except ValueProblem as problem:
                # The header of a table stands behind the cells of all its rows.
                if tag not in self.refused:
                    self.problems.add(tag, problem.message, problem.remedy)
                self.refused.add(tag)
                continue
            for item in self._listed(texts, term) if isinstance(texts, Items) else (texts,):
                if (content := self._visible(item, term)) is not None:
                    literal = Literal(content, language=language)
                    pairs.append(Pair(term.predicate, literal, item.line, item.column))

    def _text(self, item: Tree, term: Term) -> str | None:
        if isinstance(item, Faulty):
            return None
        if not isinstance(item, Scalar):
            message = Message("text-expected", key=repr(term.key))
            self.problems.add(item, message, Message("write-behind-key"))
        elif not item.text.strip():
            self._no_value(item, term)
        else:
            return self._checked(check_text, item, term)
        return None

    def _visible(self, item: Tree, term: Term) -> str | None:
        text = self._text(item, term)
        if text is None or term.predicate.value not in _NAMES:
            return text
        return self._checked(check_visible, item, term)

    def _checked(self, check: Callable[[str, str], str], item: Tree, term: Term) -> str | None:
        assert isinstance(item, Scalar)
        try:
            return check(item.text, repr(term.key))
        except ValueProblem as problem:
            self.problems.add(item, problem.message, problem.remedy)
            return None

    def _scalar(self, item: Tree, term: Term, type_: str, pairs: list[Pair]) -> None:
        text = self._text(item, term)
        if text is None:
            return
        try:
            pairs.append(Pair(term.predicate, self._term(text, term), item.line, item.column))
        except ValueProblem as problem:
            by_id = term.form in _REFERENCES and term.base == self.schema.base
            is_told = by_id and text in self.unfit()  # where it is given as an id
            if not (self.problems.full or is_told):
                told = self.meanings.of(problem, text, term, type_, partial(self._fits, term))
                self.problems.add(item, told.message, told.remedy)

    def _fits(self, term: Term, text: str) -> bool:
        try:
            self._term(text, term)
        except ValueProblem:
            return False
        return True

    def _term(self, text: str, term: Term) -> NamedNode | BlankNode | Literal:
        form = term.form
        if form in _REFERENCES:
            return reference(text, term, self.known)
        if form is _CONCEPT:
            return concept(text, term, context(self.schema.base))
        if form is _TYPED:
            assert term.datatype is not None
            return typed(text, term.datatype)
        return Literal(text)
