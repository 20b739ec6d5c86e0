"""JSON Schemas (draft 2020-12) of submissions and of articles' metadata, for editors.

They say while somebody types what `kgpub validate` says of a file by itself: which keys stand
where, and what their values look like. All of it is derived: the context says what a key means and
how it is written, the shapes how many values it takes and which, the schemes which kinds there are,
the ontology what an editor shows about it. What takes the article, another file or the whole graph
to tell is left to kgpub, so that an editor refuses nothing that kgpub accepts.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any, Literal

from kgpub.vocabulary import ENTITY_SECTIONS, KG
from kgpub.vocabulary.json_values import LABEL, Json, Values, many, occurrence
from kgpub.vocabulary.schema import (
    ACCEPTANCE,
    ASSERTED_TYPES,
    EVENT,
    RETRACTION,
    STATEMENT_TYPES,
    VERBATIM,
    Form,
    Schema,
    Term,
    schema,
)
from kgpub.vocabulary.shape_rules import ClassRules, Rule, class_rules, companions

DIALECT = "https://json-schema.org/draft/2020-12/schema"
LOCATION = "https://w3id.org/kgpub/schemas/"
CONTEXT_IRI = "https://w3id.org/kgpub/ontology/context.jsonld"

# Neither a reference nor a pattern of it depends on where the data of a workspace begin.
_BASE = "https://example.org/"
_ENTITY_TYPES = tuple(type_ for type_, _ in ENTITY_SECTIONS.values())
# Other files may say more of what has a name of its own, so what is missing here may be there.
_SHARED_TYPES = (*_ENTITY_TYPES, EVENT)
_NESTED_TYPES = ("Participation", "Statement", RETRACTION, ACCEPTANCE)
_DEFAULTED = frozenset({"said-by"})
"""Required keys that kgpub fills in: the publisher says what nobody else is said to say."""
_COMPANIONS = (("introduced-by", "said-by"), ("evidence", "wikidata"))
"""Keys that need another by a rule of the code or by a query of the shapes."""
_ALIASES = {"type": "@type", "id": "@id"}


def submission_schema(language: str = "en") -> Json:
    """Return the JSON Schema of a submission, such as `facts.yaml`.

    Terms are described in `language`, one of the ontology's own.
    """
    return _Document(language).submission()


def article_schema() -> Json:
    """Return the JSON Schema of an article's metadata, `article.yaml`."""
    return _Document("en").article()


def schema_text(of: Literal["submission", "article"]) -> str:
    """Return a schema as a JSON text that is the same on any machine, with a newline at its end."""
    document = submission_schema() if of == "submission" else article_schema()
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


class _Document:
    """One schema in the making."""

    def __init__(self, language: str) -> None:
        self.keys: Schema = schema(_BASE)
        self.values = Values(language)
        self.companions = [
            (key, other)
            for has, needs in companions(self.values.shapes)
            for key in self._named(has)
            for other in self._named(needs)
        ]

    def submission(self) -> Json:
        bodies = {
            type_: self._class(type_) for type_ in (*_ENTITY_TYPES, *ASSERTED_TYPES, *_NESTED_TYPES)
        }
        top = self._class("Submission")
        written = {"const": CONTEXT_IRI, "doNotSuggest": True}
        top["properties"] = {**top["properties"], "@context": written}
        return self._document("submission", "Submission", top, bodies)

    def article(self) -> Json:
        return self._document("article", "Article", self._class("Article"), {})

    def _document(self, name: str, type_: str, top: Json, bodies: Mapping[str, Json]) -> Json:
        definitions = {**self._hoisted(bodies), **bodies, **self.values.definitions}
        return {
            "$schema": DIALECT,
            "$id": f"{LOCATION}{name}.schema.json",
            **self.values.described(KG + type_, top),
            "$defs": dict(sorted(definitions.items())),
        }

    def _class(self, type_: str) -> Json:
        """Return the schema of a node of a class, described where it stands."""
        rules = class_rules(self.values.shapes, type_)
        terms = [term for key, term in self.keys.terms.items() if key in self.keys.keys(type_)]
        properties = {
            term.key: self._property(term, rules.of(term.predicate.value)) for term in terms
        }
        whole: Json = {
            "type": "object",
            "properties": {**self._keywords(type_), **properties},
            "additionalProperties": False,
        }
        demands = self._demands(rules, terms)
        limits = self._limits(rules, terms, type_)
        if type_ == EVENT:
            named = {"pattern": "^event/"}
            whole["if"] = {
                "anyOf": [{"required": [key], "properties": {key: named}} for key in ("id", "@id")]
            }
            whole["else"] = demands
        elif type_ not in _SHARED_TYPES:
            whole |= demands
            limits = [*demands.get("allOf", ()), *limits]
        whole["allOf"] = limits
        needed = {
            key: [other]
            for key, other in (*self.companions, *_COMPANIONS)
            if key in properties and other in properties
        }
        return self.values.described(KG + type_, whole | _if_any("dependentRequired", needed))

    def _property(self, term: Term, rule: Rule) -> Json:
        if term.form is Form.SECTION:
            type_, _ = ENTITY_SECTIONS[term.key]
            section = {
                "type": "object",
                "propertyNames": self.values.section_key(),
                "additionalProperties": _ref(type_),
            }
            return self.values.described(KG + type_, section)
        if term.form is Form.OCCURRENCE:
            description = "Which is meant, where the words stand several times: 2 for the second."
            return {"title": term.key, "description": description, **occurrence()}
        if term.form is Form.RETRACTION:
            return self.values.described(KG + RETRACTION, _ref(RETRACTION))
        if term.form is Form.ACCEPTANCE:
            # Who writes a submission is not who accepts it.
            written = {**_ref(ACCEPTANCE), "doNotSuggest": True}
            return self.values.described(KG + ACCEPTANCE, written)
        return self.values.described(term.predicate.value, self._content(term, rule))

    def _content(self, term: Term, rule: Rule) -> Json:
        if term.form is Form.ASSERTED:
            reference = self.values.reference(term, rule)
            asserted = self.values.shared("asserted", self._asserted(reference))
            return _any_number({"if": {"type": "string"}, "then": reference, "else": asserted})
        if term.form is Form.NODES:
            type_ = "Statement" if term.key == "statements" else "Participation"
            return _any_number(_ref(type_))
        if term.form is Form.BY_LANGUAGE:
            return self.values.by_language(term, rule)
        one = self.values.value(term, rule)
        return one if term.key in VERBATIM else many(one, rule)

    def _asserted(self, reference: Json) -> Json:
        """Return the schema of a fact or event: by its type, or what only says which is meant.

        Conditions rather than alternatives: whoever gets one key of a Tenure wrong is told about
        that key, and not what eight other classes would have wanted.
        """
        only_id = [
            {"required": [key], "properties": {key: reference}, "additionalProperties": False}
            for key in ("id", "@id")
        ]
        types: Json = {
            "enum": list(ASSERTED_TYPES),
            "enumDescriptions": [
                self.values.described(KG + type_, {})["description"] for type_ in ASSERTED_TYPES
            ],
        }
        return {
            "type": "object",
            "properties": {"type": types},
            "anyOf": [{"required": ["type"]}, {"required": ["@type"]}, *only_id],
            "allOf": [
                {
                    "if": {"anyOf": [_of_type("type", type_), _of_type("@type", type_)]},
                    "then": _ref(type_),
                }
                for type_ in ASSERTED_TYPES
            ],
        }

    def _keywords(self, type_: str) -> Json:
        """Return the properties `type` and `id`, where the class has them, and their aliases."""
        types = list(STATEMENT_TYPES) if type_ in STATEMENT_TYPES else [type_]
        chosen = type_ in (*STATEMENT_TYPES, *ASSERTED_TYPES)
        found: Json = {"type": {"enum": types, **({} if chosen else {"doNotSuggest": True})}}
        if type_ in ASSERTED_TYPES:
            slug = self.values.limited_slug()
            pattern = f"^(?:{LABEL}|event/{slug})$" if type_ == EVENT else f"^{LABEL}$"
            advice = "Write event/slug, or a label such as _:escape."
            message = advice if type_ == EVENT else "Write a label such as _:stay, or leave id out."
            found["id"] = {"type": "string", "pattern": pattern, "patternErrorMessage": message}
        aliases = {_ALIASES[key]: {**each, "doNotSuggest": True} for key, each in found.items()}
        return {**found, **aliases}

    def _demands(self, rules: ClassRules, terms: Sequence[Term]) -> Json:
        """Return which keys a node of a class must have."""
        required = [
            term.key
            for term in terms
            if rules.of(term.predicate.value).minimum and term.key not in _DEFAULTED
        ]
        choices: list[Json] = []
        for part in rules.together:
            named = [key for each in part.predicates for key in self._named(each)]
            if part.minimum:
                choices.append({"anyOf": [{"required": [key]} for key in named]})
        for parties in rules.either:
            choices.append({"oneOf": [self._party(party, terms) for party in parties]})
        return _if_any("required", required) | _if_any("allOf", choices)

    def _party(self, party: Mapping[str, Rule], terms: Sequence[Term]) -> Json:
        """Return what the keys of one of several alternatives are, and which are barred."""
        required: list[str] = []
        properties: Json = {}
        for term in terms:
            rule = party.get(term.predicate.value, Rule())
            if rule.minimum:
                required.append(term.key)
            if rule.maximum == 0:
                properties[term.key] = False
            elif rule.maximum == 1:
                properties[term.key] = {"type": "string"}
            elif rule.minimum > 1:
                properties[term.key] = {"type": "array", "minItems": rule.minimum}
        return {"required": required, "properties": properties}

    def _limits(self, rules: ClassRules, terms: Sequence[Term], type_: str) -> list[Json]:
        """Return what may not stand together on a node of a class."""
        keys = {term.key for term in terms}
        found: list[Json] = []
        for part in rules.together:
            named = [key for each in part.predicates for key in self._named(each) if key in keys]
            if part.maximum == 1:
                found += [{"not": {"required": list(pair)}} for pair in combinations(named, 2)]
        aliased = ("type", "id") if type_ in ASSERTED_TYPES else ("type",)
        return found + [{"not": {"required": [key, _ALIASES[key]]}} for key in aliased]

    def _named(self, predicate: str) -> list[str]:
        return [term.key for term in self.keys.terms.values() if term.predicate.value == predicate]

    def _hoisted(self, bodies: Mapping[str, Json]) -> Json:
        """Replace properties that several classes have alike by references to one definition."""
        written: dict[str, list[str]] = {}
        for body in bodies.values():
            for key, value in body["properties"].items():
                written.setdefault(key, []).append(json.dumps(value))
        found: Json = {}
        for body in bodies.values():
            for key, value in body["properties"].items():
                text, times = Counter(written[key]).most_common(1)[0]
                if times > 1 and len(text) > 100 and json.dumps(value) == text:
                    found[f"{key}-key"] = value
                    body["properties"][key] = _ref(f"{key}-key")
        return found


def _ref(name: str) -> Json:
    return {"$ref": f"#/$defs/{name}"}


def _any_number(one: Json) -> Json:
    """Return the schema of a list of nodes, or of one where it stands alone."""
    several = {"type": "array", "items": one}
    return {"if": {"type": ["object", "string"]}, "then": one, "else": several}


def _of_type(key: str, type_: str) -> Json:
    return {"type": "object", "required": [key], "properties": {key: {"const": type_}}}


def _if_any(keyword: str, content: Sequence[Any] | Mapping[str, Any]) -> Json:
    return {keyword: content} if content else {}
