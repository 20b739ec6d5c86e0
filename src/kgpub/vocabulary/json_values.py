"""JSON Schemas of single values: what may stand under a key where it takes one thing.

Scalars of YAML need no quotes where the key makes texts of them (`start: 2016`), so numbers are
admitted wherever their digits may stand. Patterns are regular expressions of ECMA-262, as JSON
Schema demands (draft 2020-12, core, section 6.4), and anchored at both ends.
"""

from __future__ import annotations

from typing import Any

from pyoxigraph import NamedNode

from kgpub.vocabulary import ENTITY_SECTIONS, KG, QID, RDFS, SKOS, WIKIDATA
from kgpub.vocabulary.schema import BOOLEAN, DATE, INTEGER, Form, Term
from kgpub.vocabulary.shape_rules import (
    Graph,
    Rule,
    concepts,
    ontology_graph,
    shapes_graph,
    slug_pattern,
    subclasses,
)

Json = dict[str, Any]

MAX_SLUG = 100
RESERVED = ("id", "type")
"""What is no slug because it is a word of JSON-LD."""
SLUG_RULE = f"a-z, 0-9 and single hyphens, {MAX_SLUG} characters at most, and not id or type"
_UNRESERVED = f"(?!(?:{'|'.join(RESERVED)})$)"
LABEL = "_:[A-Za-z0-9](?:[A-Za-z0-9-]{0,98}[A-Za-z0-9])?"
HASH = "[0-9a-f]{32}"
LANGUAGE_SUBTAGS = "(?:-[A-Za-z0-9]{1,8})*"
WEB_ADDRESS = r'https?://[^\s/?#<>"{}|\\^`][^\s<>"{}|\\^`]*'
_IN_CALENDAR = "(?!.*-(?:02-3[01]|(?:04|06|09|11)-31))"
"""What no text may hold that is a time: days after the end of a month, but for 29 February."""
NO_LANGUAGE = "Write each text behind the tag of its language: {ar: …, ckb: …, en: …}."
NO_TEXT = "A text is missing here, or consists of spaces only."
UNTIDY = "No text here begins or ends with a space, or has line breaks or invisible signs in it."


class Values:
    """Makes the schemas of values, and gathers those that several keys share in `definitions`.

    Terms are described in `language`, one of the ontology's own.
    """

    def __init__(self, language: str = "en") -> None:
        self.language = language
        self.shapes: Graph = shapes_graph()
        self.ontology: Graph = ontology_graph()
        self.definitions: Json = {}
        self.slug = slug_pattern(self.shapes, "Person", "person")

    def described(self, iri: str, schema: Json) -> Json:
        """Put the label and the definition of a term before a schema, as editors show them."""
        node = NamedNode(iri)
        title = self._told(node, RDFS + "label") or self._told(node, SKOS + "prefLabel")
        description = self._told(node, SKOS + "definition")
        shown = {"title": title, "description": description}
        return {**{name: text for name, text in shown.items() if text}, **schema}

    def _told(self, node: NamedNode, predicate: str) -> str:
        return self.ontology.told(node, predicate, self.language)

    def shared(self, name: str, schema: Json) -> Json:
        """Define a schema under a name, and refer to it. Raises ValueError for another one."""
        if self.definitions.setdefault(name, schema) != schema:
            raise ValueError(f"two different schemas are to be called {name}")
        return {"$ref": f"#/$defs/{name}"}

    def value(self, term: Term, rule: Rule) -> Json:
        """Return the schema of one value under the key of `term` that takes scalars."""
        if term.form is Form.CONCEPT:
            return self.concept(term, rule)
        if term.form is Form.TYPED:
            return self._typed(term.datatype, rule)
        if term.form in (Form.REFERENCE, Form.ASSERTED):
            return self.reference(term, rule)
        if rule.among:
            return {"type": "string", "enum": list(rule.among)}
        return self.text(rule)

    def text(self, rule: Rule) -> Json:
        """Return the schema of a text that is not blank, and tidy where the shapes ask for that."""
        text = self._text()
        if not rule.refused:
            return text
        untidy = {"type": "string", "pattern": rule.refused}
        return self.shared("tidy-text", {**text, "not": untidy, "errorMessage": UNTIDY})

    def _text(self) -> Json:
        text = {"type": ["string", "number"], "pattern": r"\S", "patternErrorMessage": NO_TEXT}
        # Even `true` is a text here; editors would suggest it if it were said in so many words.
        word = {"not": {"type": ["string", "number", "object", "array", "null"]}}
        return self.shared("text", {"anyOf": [text, word]})

    def by_language(self, term: Term, rule: Rule) -> Json:
        """Return the schema of texts by language tag."""
        one = self.text(rule)
        texts = one if rule.once_each else many(one, Rule())
        # Of the languages that names may have, those of the ontology itself are offered.
        labels = self.ontology.all(term.predicate, RDFS + "label")
        offered = [tag for tag in rule.languages if any(_in(tag, each) for each in labels)]
        tags = "|".join(map(_any_case, rule.languages))
        schema = {
            "type": "object",
            "minProperties": 1,
            "properties": dict.fromkeys(offered, texts),
            "patternProperties": {
                f"^(?!(?:{'|'.join(offered)})$)(?:{tags}){LANGUAGE_SUBTAGS}$": texts
            },
            "additionalProperties": False,
            "errorMessage": NO_LANGUAGE,
        }
        name = "text-by-language" if rule.once_each else "texts-by-language"
        return self.shared(f"tidy-{name}" if rule.refused else name, schema)

    def concept(self, term: Term, rule: Rule) -> Json:
        """Return the schema of a concept: of a scheme, one of a publisher's own, or of a list."""
        if not rule.scheme:
            names = [iri.removeprefix(term.base) for iri in rule.among]
            written = f"^{_literally(term.base)}(?:{'|'.join(names)})$"
            return {"anyOf": [{"enum": names}, {"type": "string", "pattern": written}]}
        kinds = concepts(self.ontology, rule.scheme)
        scheme = {
            "enum": [kind.value.removeprefix(term.base) for kind in kinds],
            "enumDescriptions": [self._told(kind, SKOS + "definition") for kind in kinds],
        }
        name = rule.scheme.removeprefix(term.base)
        own = {
            "title": "a kind of your own",
            "description": "The web address of a kind that kinds.ttl of the workspace describes.",
            "type": "string",
            "pattern": f"^{WEB_ADDRESS}$",
            "patternErrorMessage": "Neither a known kind nor the web address of one of your own.",
        }
        return {
            "anyOf": [
                self.shared(name, self.described(rule.scheme, scheme)),
                self.shared("own-kind", own),
            ]
        }

    def reference(self, term: Term, rule: Rule) -> Json:
        """Return the schema of a reference: an item, an address, a slug, or folder and slug."""
        if term.base == WIKIDATA:
            pattern = f"^(?:{_literally(WIKIDATA)})?{QID}$"
            message = "Items look like Q796."
            return {"type": "string", "pattern": pattern, "patternErrorMessage": message}
        if not term.base:
            return self.address()
        if term.folder:
            schema = {
                "type": ["string", "integer"],
                "minimum": 0,
                "pattern": f"^(?:{_UNRESERVED}{self.limited_slug()}|{WEB_ADDRESS})$",
                "patternErrorMessage": f"Takes a bare slug ({term.folder}): {SLUG_RULE}.",
            }
            return self.shared(f"{term.folder}-slug", schema)
        return self._anything(rule)

    def address(self) -> Json:
        """Return the schema of a web address."""
        message = "A web address begins with https:// or http:// and holds no spaces."
        schema = {
            "type": "string",
            "pattern": f"^{WEB_ADDRESS}$",
            "patternErrorMessage": message,
        }
        return self.shared("web-address", schema)

    def limited_slug(self) -> str:
        """Return the pattern of a slug with its length bounded."""
        return f"(?=[a-z0-9-]{{1,{MAX_SLUG}}}(?![a-z0-9-])){self.slug}"

    def section_key(self) -> Json:
        """Return the schema of the slugs under which a section describes things."""
        return {
            "pattern": f"^{_UNRESERVED}{self.slug}$",
            "maxLength": MAX_SLUG,
            "patternErrorMessage": f"A slug is made of {SLUG_RULE}.",
        }

    def _anything(self, rule: Rule) -> Json:
        """Return the schema of references that name their folder, as far as the classes admit."""
        classes = set[str]().union(*(subclasses(self.ontology, each) for each in rule.classes))
        folders = [path[:-1] for type_, path in ENTITY_SECTIONS.values() if KG + type_ in classes]
        folders += [name for name in ("event", "article") if KG + name.capitalize() in classes]
        forms = [f"(?:{'|'.join(folders)})/{self.limited_slug()}", WEB_ADDRESS]
        examples = [f"{folder}/…" for folder in folders]
        if KG + "Fact" in classes:
            forms += [f"(?:fact|event)/{HASH}", LABEL]
            examples.append("_:label")
        name = "-or-".join(sorted(each.removeprefix(KG).lower() for each in rule.classes))
        schema = {
            "type": "string",
            "pattern": f"^(?:{'|'.join(forms)})$",
            "patternErrorMessage": f"Write folder and slug, one of: {', '.join(examples)}.",
        }
        return self.shared(f"{name}-reference", schema)

    def _typed(self, datatype: NamedNode | None, rule: Rule) -> Json:
        if datatype == BOOLEAN:
            # Text is admitted beside, but not offered.
            words = rule.among or ("true", "false")
            written = {"type": "string", "pattern": f"^(?:{'|'.join(words)})$"}
            return {"anyOf": [{"enum": [word == "true" for word in words]}, written]}
        if datatype == INTEGER:
            return _integer(rule.least)
        if datatype == DATE:
            day = "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
            message = "Write year, month and day: 2020-05-07."
            return {
                "type": "string",
                "format": "date",
                "pattern": f"^{_IN_CALENDAR}{day}$",
                "patternErrorMessage": message,
            }
        message = (
            "Write a time in EDTF: 2016, 2016-09, 2016-09-15, 198X, 2006~, 2003/.. (from then on), "
            "../2003, 2003/2006."
        )
        # A year below 1000 may have been written with its zero, which a number has not kept; one
        # below 100 is far likelier to be no year.
        time = {"type": ["string", "integer"], "minimum": 100, "maximum": 9999}
        return self.shared(
            "edtf-time",
            {
                **time,
                "pattern": f"^{_IN_CALENDAR}{rule.pattern.removeprefix('^')}",
                "patternErrorMessage": message,
            },
        )


def many(one: Json, rule: Rule) -> Json:
    """Return the schema of one value or a list of them, as far as the rule admits."""
    listed: Json = {"type": "array", "items": one, "minItems": max(1, rule.minimum)}
    if rule.maximum == 1:
        return one
    if rule.maximum is not None:
        listed["maxItems"] = rule.maximum
    alternatives = one["anyOf"] if set(one) == {"anyOf"} else [one]
    return listed if rule.minimum > 1 else {"anyOf": [*alternatives, listed]}


def occurrence() -> Json:
    """Return the schema of the number of an occurrence."""
    return {
        "type": ["integer", "string"],
        "minimum": 1,
        "maximum": 9_999_999,
        "pattern": "^(?=.*[1-9])[0-9]{1,7}$",
        "patternErrorMessage": "Occurrences count from 1: the second is 2.",
    }


def _integer(least: int | None) -> Json:
    digits = "[1-9][0-9]{0,17}"
    # The texts of bounds other than 0 and 1 are left to kgpub: a pattern compares no numbers.
    forms = {1: digits, 0: f"0|{digits}"}
    greatest = 10**18 - 1
    any_sign = f"0|-?{digits}"
    return {
        "type": ["integer", "string"],
        "minimum": -greatest if least is None else least,
        "maximum": greatest,
        "pattern": f"^(?:{any_sign if least is None else forms.get(least, any_sign)})$",
        "patternErrorMessage": "Write digits 0-9 only, such as 6.",
    }


def _in(tag: str, label: Any) -> bool:
    return bool(getattr(label, "language", None) == tag)


def _any_case(tag: str) -> str:
    """Write a tag as a pattern that has its letters in either case (BCP 47, section 2.1.1)."""
    return "".join(f"[{letter}{letter.upper()}]" for letter in tag)


def _literally(iri: str) -> str:
    return iri.replace(".", r"\.")
