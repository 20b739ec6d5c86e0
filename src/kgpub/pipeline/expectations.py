"""What a constraint asks for, in words short enough to stand below what is wrong.

Which constraint components are told of, docs/decisions/expectations.md says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode, Triple

from kgpub.messages import Given, Lines, Message
from kgpub.model.report import Node, Result
from kgpub.pipeline.wording import Expected, ways_to_say
from kgpub.serialisation.line_feed import Term
from kgpub.vocabulary import EDTF, SH, SHAPES, XSD

if TYPE_CHECKING:
    from kgpub.validation import Shapes

MAX_SHOWN = 5
"""Values of a list that are shown; the rest are counted."""
MAX_PATTERN = 80
"""Characters of a pattern or value that are shown."""

_ANONYMOUS = SHAPES.rstrip("#") + "/genid/"
_SHAPES_ASKED = ("node", "not", "and", "or", "xone")
"""Parameters whose values, or the members of their lists, are shapes."""
_OF_ONE_VALUE = ("class", "datatype", "nodeKind", "in", "pattern", "hasValue")
"""Parameters that tell in few words what a shape without a name asks of a value."""
_NO_CONSTRAINTS = frozenset(SH + name for name in ("message", "severity", "name", "description"))

_SIGNS = {"minInclusive": "≥", "maxInclusive": "≤", "minExclusive": ">", "maxExclusive": "<"}
_OTHER_PROPERTY = {
    "lessThan": "expected-less",
    "lessThanOrEquals": "expected-less-or-equal",
    "equals": "expected-equal",
    "disjoint": "expected-disjoint",
}
_COUNTS = {
    "minCount": ("minCount", "maxCount", "expected-values"),
    "maxCount": ("minCount", "maxCount", "expected-values"),
    "qualifiedMinCount": ("qualifiedMinCount", "qualifiedMaxCount", "expected-values"),
    "qualifiedMaxCount": ("qualifiedMinCount", "qualifiedMaxCount", "expected-values"),
    "minLength": ("minLength", "maxLength", "expected-characters"),
    "maxLength": ("minLength", "maxLength", "expected-characters"),
}
_NODE_KINDS = {
    "IRI": ("node-iri",),
    "Literal": ("node-literal",),
    "BlankNode": ("node-blank",),
    "BlankNodeOrIRI": ("node-blank", "node-iri"),
    "BlankNodeOrLiteral": ("node-blank", "node-literal"),
    "IRIOrLiteral": ("node-iri", "node-literal"),
}
_BARE = (
    ("integer", r"[+-]?[0-9]+"),
    ("decimal", r"[+-]?[0-9]*\.[0-9]+"),
    ("boolean", r"true|false"),
)


class Expectations:
    """Tells what each constraint of `shapes` asks for; `labels` gives those of classes, by IRI."""

    def __init__(
        self, shapes: Shapes, labels: Callable[[], Mapping[str, Mapping[str, str]]]
    ) -> None:
        self.index = shapes.index
        self._labels = labels
        # One shape may have a hundred thousand results.
        self._kept: dict[tuple[str, str, tuple[Literal, ...]], Message | None] = {}

    def of(self, result: Result) -> Message | None:
        """Return what the constraint asks for that `result` is of.

        None where the parameters of its component are not known.
        """
        found = self._told(result)
        return found.message if found else self._by_shapes(result)

    def beside(self, result: Result) -> Message | None:
        """Return what is to be told beside the messages of the shape's own.

        None where these tell it already, in English or else in any language. That something is
        missing, or should not be there at all, is what every message says.
        """
        key = (result.shape, result.component, result.messages)
        if key not in self._kept:
            self._kept[key] = self._beside(result)
        return self._kept[key]

    def _beside(self, result: Result) -> Message | None:
        texts = {text.language or "": text.value for text in result.messages}
        told = texts.get("en") or next(iter(texts.values()), "")
        parameter = parameter_of(result)
        if parameter == "pattern" and result.shape.startswith(SHAPES):
            return None  # kgpub's own shapes say in words what their patterns ask for
        found = self._told(result)
        if found is None or self._some_or_none(result.shape, parameter):
            return None
        return None if found.is_said_in(told) else found.message

    def _told(self, result: Result) -> Expected | None:
        return self._asked(NamedNode(result.shape), parameter_of(result))

    def _asked(self, shape: NamedNode, parameter: str) -> Expected | None:
        """Return what a parameter asks for whose values are no shapes."""
        values = self.index.objects(shape, SH + parameter)
        if not values:
            return None
        if parameter in _COUNTS:
            return self._count(shape, parameter)
        if parameter in ("in", "languageIn"):
            members = [str_of(each) for head in values for each in self._members(head)]
            return Expected(one_of(members), [(each,) for each in members])
        if parameter in ("class", "datatype", "nodeKind"):
            return self._kind(parameter, values)
        shown = _clipped(str_of(values[0]))
        if parameter in _SIGNS:
            compared = Message("expected-compared", sign=f"{_SIGNS[parameter]} {shown}")
            return Expected(compared, [(shown,)])
        if parameter in _OTHER_PROPERTY:
            names = Lines([Message("a-name", name=str_of(each)) for each in values], Message("and"))
            words = ways_to_say([parameter]) if parameter.startswith("less") else [(shown,)]
            return Expected(Message(_OTHER_PROPERTY[parameter], property=names), words)
        if parameter == "pattern":
            return Expected(Message("expected-pattern", pattern=shown), [(shown,)])
        if parameter == "hasValue":
            asked = [str_of(each) for each in values]
            return Expected(_each_of(asked), [(each,) for each in asked])
        if parameter == "uniqueLang":
            return Expected(Message("expected-unique-language"), ways_to_say([parameter]))
        return None

    def _by_shapes(self, result: Result) -> Message | None:
        """Return what a constraint asks for whose parameters are shapes, or a query."""
        parameter = parameter_of(result)
        if parameter == "closed":
            return self._closed(result)
        if parameter == "sPARQL":
            return Message("expected-query")
        if parameter not in _SHAPES_ASKED:
            return None
        values = self.index.objects(NamedNode(result.shape), SH + parameter)
        if parameter in ("node", "not"):
            asked = self._conforming(values, Message("and"))
            return asked if parameter == "node" else Message("expected-not", what=asked)
        lists = [[*self._members(head)] for head in values]
        if parameter == "xone":
            choices = [self._conforming(members, Message("comma")) for members in lists]
            told = [Message("expected-exactly-one", choices=each) for each in choices]
        else:
            joint = Message("and") if parameter == "and" else Message("or")
            told = [self._conforming(members, joint) for members in lists]
        return Lines(told, Message("semicolon")) if told else None

    def _conforming(self, shapes: Sequence[Node], joint: Message) -> Message:
        """Return what values of some shapes are, of many the first, and how many there are."""
        parts = [self._of_shape(each) for each in shapes[:MAX_SHOWN]]
        if len(shapes) > MAX_SHOWN:
            parts.append(Message("and-more", number=f"{len(shapes) - MAX_SHOWN:,}"))
        return Lines(parts, joint)

    def _of_shape(self, shape: Node) -> Message:
        """Return what a shape without a name asks of a value; of any other, that it asks it."""
        iri = shape.value
        used = [name for name in self.index.predicates(shape) if name.startswith(SH)]
        parameters = [name.removeprefix(SH) for name in used if name not in _NO_CONSTRAINTS]
        is_unnamed = iri.startswith(_ANONYMOUS)
        if is_unnamed and parameters and {*parameters} <= {*_OF_ONE_VALUE}:
            found = [self._asked(NamedNode(iri), each) for each in parameters]
            parts = [each.message for each in found if each is not None]
            if len(parts) == len(parameters):
                return Lines(parts, Message("comma"))
        return Message("expected-conforming", shape=shape_named(iri))

    def _closed(self, result: Result) -> Message:
        used = NamedNode((result.path or "").strip("<>"))
        allowed = self.properties(result)
        if not allowed:
            return Message("expected-no-property", property=str_of(used))
        shown = sorted({str_of(each) for each in allowed} - {str_of(used)})
        if len(shown) < len(allowed):  # where names do not tell properties apart, IRIs do
            names, other = sorted(each.value for each in allowed), used.value
        else:
            names, other = shown, str_of(used)
        return Message("expected-properties", properties=_some_of(names), property=other)

    def properties(self, result: Result) -> list[NamedNode]:
        """Return the properties that the constraint of `result`, a sh:closed, allows."""
        shape = NamedNode(result.shape)
        constraints = self.index.objects(shape, SH + "property")
        paths = (path for each in constraints for path in self.index.objects(each, SH + "path"))
        heads = self.index.objects(shape, SH + "ignoredProperties")
        ignored = (member for head in heads for member in self._members(head))
        found = dict.fromkeys((*paths, *ignored))
        return [each for each in found if isinstance(each, NamedNode)]

    def _some_or_none(self, shape: str, parameter: str) -> bool:
        """Whether no more is asked for than that there is something, or that there is nothing."""
        if parameter not in _COUNTS:
            return False
        least, most = (self._number(NamedNode(shape), name) for name in _COUNTS[parameter][:2])
        return (least, most) == ("1", "") or most == "0"

    def _count(self, shape: NamedNode, parameter: str) -> Expected | None:
        least_name, most_name, code = _COUNTS[parameter]
        least, most = (self._number(shape, name) for name in (least_name, most_name))
        if least and least == most:
            amount = Message("exactly", number=least)
        elif least and most:
            amount = Message("from-to", least=least, most=most)
        elif least:
            amount = Message("at-least", number=least)
        elif most:
            amount = Message("at-most", number=most)
        else:
            return None
        number = least if parameter == least_name else most
        return Expected(Message(code, amount=amount), ways_to_say([number]))

    def _number(self, shape: NamedNode, name: str) -> str:
        values = self.index.objects(shape, SH + name)
        return _clipped(str_of(values[0])) if values else ""

    def _kind(self, parameter: str, values: Sequence[Node]) -> Expected:
        names = [str_of(each) for each in values]
        if parameter == "class":
            parts = [self._label(each) for each in values]
            labels = [(str(part), name) for part, name in zip(parts, names, strict=True)]
            return Expected(Message("expected-class", kind=Lines(parts, Message("and"))), labels)
        if parameter == "nodeKind":
            kinds = [Message(code) for name in names for code in _NODE_KINDS.get(name, ())]
            return Expected(Lines(kinds, Message("or")), ways_to_say(names))
        types = [Message("a-name", name=name) for name in names]
        message = Message("expected-datatype", datatype=Lines(types, Message("or")))
        return Expected(message, ways_to_say(names))

    def _label(self, value: Node) -> Message:
        name = str_of(value)
        labels = self._labels().get(value.value if isinstance(value, NamedNode) else "", {})
        return Given("", labels) if labels else Message("a-name", name=name)

    def allowed(self, result: Result) -> list[Node]:
        """Return the members of the lists that the constraint of `result`, a sh:in, is given."""
        heads = self.index.objects(NamedNode(result.shape), SH + "in")
        return [member for head in heads for member in self._members(head)]

    def _members(self, head: Node) -> Iterable[Node]:
        try:
            return self.index.members(head)
        except ValueError:
            return ()


def parameter_of(result: Result) -> str:
    """Return the local name of the parameter that gives the constraint its value: "minCount"."""
    name = result.component.removeprefix(SH).removesuffix("ConstraintComponent")
    return name[:1].lower() + name[1:]


def one_of(members: Sequence[str]) -> Message:
    """Return that one of these is expected, of many the first, and how many there are besides."""
    return Message("expected-one-of", values=_some_of(members))


def _each_of(values: Sequence[str]) -> Message:
    """Return that all of these are expected; no result tells which of several is missing."""
    if len(values) == 1:
        return Message("expected-value", value=_clipped(values[0]))
    return Message("expected-each-value", values=_some_of(values))


def _some_of(values: Sequence[str]) -> Message:
    parts = [Message("a-name", name=_clipped(each)) for each in values[:MAX_SHOWN]]
    if len(values) > MAX_SHOWN:
        parts.append(Message("and-more", number=f"{len(values) - MAX_SHOWN:,}"))
    return Lines(parts, Message("comma"))


def short_name(shape: str) -> str:
    """Return what names a shape to programs: one of kgpub's own is known by its local name."""
    return shape.removeprefix(SHAPES).removeprefix(_ANONYMOUS)


def component_name(result: Result) -> str:
    """Return the local name of the constraint component, short where it is SHACL's own."""
    name = result.component.removeprefix(SH)
    return (
        name.removesuffix("ConstraintComponent")
        if name != result.component
        else str_of(NamedNode(result.component))
    )


def shape_named(iri: str) -> Message:
    """Return how a shape is called: by its name, or by the file that it stands in without one."""
    if iri.startswith(_ANONYMOUS):
        name = iri.removeprefix(_ANONYMOUS)
        return Message("shape-unnamed", file=unquote(name.rpartition("/")[0]))
    return Message("shape-named", name=iri.removeprefix(SHAPES))


def str_of(term: Term) -> str:
    """Return the local name of an IRI, the text of a literal, or a triple term as it is written."""
    if isinstance(term, NamedNode):
        return term.value.replace("#", "/").rpartition("/")[2] or term.value
    return f"<<( {term} )>>" if isinstance(term, Triple) else term.value


def readable(literal: Literal) -> str:
    """Return a literal as Turtle abbreviates it, else in quotes, with the name of its datatype."""
    datatype = literal.datatype.value
    if any(datatype == XSD + name and re.fullmatch(form, literal.value) for name, form in _BARE):
        return literal.value
    if literal.language is not None or datatype == XSD + "string":
        return str(literal)
    for prefix, namespace in (("xsd", XSD), ("edtf", EDTF)):
        if datatype.startswith(namespace):
            datatype = f"{prefix}:{datatype.removeprefix(namespace)}"
    return f"{Literal(literal.value)} ({datatype})"


def _clipped(text: str) -> str:
    return text if len(text) <= MAX_PATTERN else f"{text[:MAX_PATTERN]}…"
