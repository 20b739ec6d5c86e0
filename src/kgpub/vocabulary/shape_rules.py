"""What the shapes demand of the properties of a class, apart from any data.

Only what holds of a node by itself is read: how many values a property has, and which. Of the
shapes of a class those count that `schema` counts, and of their results violations only. Whether
a property is the submitter's to give is told there too: rules of computed ones are among these.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from kgpub.vocabulary import KG, RDF, RDFS, SH, SKOS, resource
from kgpub.vocabulary.schema import shape_files

Node = NamedNode | BlankNode | Literal | Triple


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds of the values of one property on one class; nothing where a part is empty.

    `classes` are IRIs, of which each value has one; `scheme` is the concept scheme that its
    concepts belong to; `among` lists the values themselves. Texts match `pattern`, and do not
    match `refused`.
    """

    minimum: int = 0
    maximum: int | None = None
    classes: tuple[str, ...] = ()
    scheme: str = ""
    among: tuple[str, ...] = ()
    pattern: str = ""
    refused: str = ""
    languages: tuple[str, ...] = ()
    once_each: bool = False
    least: int | None = None


@dataclass(frozen=True, slots=True)
class Together:
    """How many values some properties have taken together (sh:alternativePath)."""

    predicates: tuple[str, ...]
    minimum: int
    maximum: int | None


@dataclass(frozen=True)
class ClassRules:
    """The rules of a class by IRI of the property, and those on several properties at once.

    Of each list in `either` exactly one holds (sh:xone).
    """

    rules: Mapping[str, Rule]
    together: tuple[Together, ...] = ()
    either: tuple[tuple[Mapping[str, Rule], ...], ...] = ()

    def of(self, predicate: str) -> Rule:
        """Return the rule of a property; several together take no more than each alone."""
        rule = self.rules.get(predicate, Rule())
        for part in self.together:
            if predicate in part.predicates and part.maximum is not None:
                rule = replace(rule, maximum=_lesser(rule.maximum, part.maximum))
        return rule


@dataclass(frozen=True)
class Graph:
    """Triples by subject and predicate."""

    objects: Mapping[tuple[Node, str], Sequence[Node]]
    subjects: Mapping[tuple[str, Node], Sequence[Node]]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Graph:
        """Read Turtle texts as one graph."""
        objects: dict[tuple[Node, str], list[Node]] = defaultdict(list)
        subjects: dict[tuple[str, Node], list[Node]] = defaultdict(list)
        for text in texts:
            for quad in parse(text.encode(), format=RdfFormat.TURTLE):
                objects[quad.subject, quad.predicate.value].append(quad.object)
                subjects[quad.predicate.value, quad.object].append(quad.subject)
        return cls(objects, subjects)

    def all(self, node: Node, predicate: str) -> Sequence[Node]:
        """Return the values of a property in the order written."""
        return self.objects.get((node, predicate), ())

    def one(self, node: Node, predicate: str) -> str:
        """Return the first value of a property as text, empty where there is none."""
        return next((_text(each) for each in self.all(node, predicate)), "")

    def items(self, node: Node) -> Iterator[Node]:
        """Yield the items of an RDF list."""
        while first := self.all(node, RDF + "first"):
            yield first[0]
            node = self.all(node, RDF + "rest")[0]

    def told(self, node: Node, predicate: str, language: str) -> str:
        """Return the text of a property in a language, else in English, empty for none."""
        literals = (each for each in self.all(node, predicate) if isinstance(each, Literal))
        texts = {each.language: each.value for each in literals}
        return texts.get(language) or texts.get("en", "")


def shapes_graph() -> Graph:
    """Return the shapes that come with kgpub."""
    return Graph.of(shape_files().values())


def ontology_graph() -> Graph:
    """Return the ontology with its schemes of kinds."""
    names = ("kgpub.ttl", "schemes.ttl")
    return Graph.of((resource("ontology") / name).read_text(encoding="utf-8") for name in names)


def class_rules(shapes: Graph, type_: str) -> ClassRules:
    """Return what the shapes of the class with local name `type_` demand."""
    rules: dict[str, Rule] = {}
    together: list[Together] = []
    either: list[tuple[Mapping[str, Rule], ...]] = []
    for shape in shapes.subjects.get((SH + "targetClass", NamedNode(KG + type_)), ()):
        for node in (shape, *shapes.all(shape, SH + "node")):
            _gather(shapes, node, rules)
            together += _together(shapes, node)
            for choice in shapes.all(node, SH + "xone"):
                parties = [dict[str, Rule]() for _ in shapes.items(choice)]
                for each, gathered in zip(shapes.items(choice), parties, strict=True):
                    _gather(shapes, each, gathered)
                either.append(tuple(parties))
    return ClassRules(rules, tuple(together), tuple(either))


def companions(shapes: Graph) -> Iterator[tuple[str, str]]:
    """Yield pairs of properties of which the first may not stand without the second."""
    for (predicate, has), nodes in shapes.subjects.items():
        if predicate == SH + "targetSubjectsOf" and isinstance(has, NamedNode):
            for node in nodes:
                gathered: dict[str, Rule] = {}
                _gather(shapes, node, gathered)
                yield from ((has.value, needs) for needs, rule in gathered.items() if rule.minimum)


def slug_pattern(shapes: Graph, type_: str, folder: str) -> str:
    """Return the pattern of what follows the folder in the identifiers of a class."""
    for shape in shapes.subjects.get((SH + "targetClass", NamedNode(KG + type_)), ()):
        _, found, slug = shapes.one(shape, SH + "pattern").partition(f"/{folder}/")
        if found:
            return slug.removesuffix("$")
    raise LookupError(f"no shape says how a {type_} is identified")


def subclasses(ontology: Graph, class_: str) -> set[str]:
    """Return a class with all that are below it."""
    found = {class_}
    for each in ontology.subjects.get((RDFS + "subClassOf", NamedNode(class_)), ()):
        if isinstance(each, NamedNode):
            found |= subclasses(ontology, each.value)
    return found


def concepts(ontology: Graph, scheme: str) -> list[NamedNode]:
    """Return the concepts of a scheme in the order written."""
    found = ontology.subjects.get((SKOS + "inScheme", NamedNode(scheme)), ())
    return [each for each in found if isinstance(each, NamedNode)]


def _gather(shapes: Graph, node: Node, rules: dict[str, Rule]) -> None:
    """Add the rules of the property shapes of `node` on single properties to `rules`."""
    for shape in _property_shapes(shapes, node):
        path = shapes.all(shape, SH + "path")[0]
        if isinstance(path, NamedNode):
            rules[path.value] = _joined(rules.get(path.value, Rule()), _rule(shapes, shape))


def _property_shapes(shapes: Graph, node: Node) -> Iterator[Node]:
    for shape in shapes.all(node, SH + "property"):
        if shapes.one(shape, SH + "severity") in ("", SH + "Violation"):
            yield shape


def _together(shapes: Graph, node: Node) -> Iterator[Together]:
    for shape in _property_shapes(shapes, node):
        for path in shapes.all(shape, SH + "path"):
            for listed in shapes.all(path, SH + "alternativePath"):
                steps = list(shapes.items(listed))
                if all(isinstance(step, NamedNode) for step in steps):
                    rule = _rule(shapes, shape)
                    yield Together(tuple(map(_text, steps)), rule.minimum, rule.maximum)


def _rule(shapes: Graph, shape: Node) -> Rule:
    kinds = [
        shapes.one(part, SH + "hasValue")
        for node in shapes.all(shape, SH + "node")
        for part in shapes.all(node, SH + "property")
        if shapes.one(part, SH + "path") == SKOS + "inScheme"
    ]
    alternatives = [
        shapes.one(node, SH + "class")
        for listed in shapes.all(shape, SH + "or")
        for node in shapes.items(listed)
    ]
    refused = [shapes.one(node, SH + "pattern") for node in shapes.all(shape, SH + "not")]
    class_ = shapes.one(shape, SH + "class")
    return Rule(
        minimum=int(shapes.one(shape, SH + "minCount") or 0),
        maximum=_number(shapes.one(shape, SH + "maxCount")),
        classes=(class_,) if class_ else tuple(alternatives) if all(alternatives) else (),
        scheme=next(iter(kinds), ""),
        among=_listed(shapes, shape, "in"),
        pattern=shapes.one(shape, SH + "pattern"),
        refused=next(iter(refused), ""),
        languages=_listed(shapes, shape, "languageIn"),
        once_each=shapes.one(shape, SH + "uniqueLang") == "true",
        least=_number(shapes.one(shape, SH + "minInclusive")),
    )


def _joined(one: Rule, other: Rule) -> Rule:
    return Rule(
        minimum=max(one.minimum, other.minimum),
        maximum=_lesser(one.maximum, other.maximum),
        classes=one.classes or other.classes,
        scheme=one.scheme or other.scheme,
        among=one.among or other.among,
        pattern=one.pattern or other.pattern,
        refused=one.refused or other.refused,
        languages=one.languages or other.languages,
        once_each=one.once_each or other.once_each,
        least=other.least if one.least is None else one.least,
    )


def _lesser(*limits: int | None) -> int | None:
    return min((each for each in limits if each is not None), default=None)


def _listed(shapes: Graph, shape: Node, parameter: str) -> tuple[str, ...]:
    lists = shapes.all(shape, SH + parameter)
    return tuple(_text(item) for listed in lists for item in shapes.items(listed))


def _number(text: str) -> int | None:
    return int(text) if text else None


def _text(node: Node) -> str:
    return node.value if isinstance(node, NamedNode | BlankNode | Literal) else ""
