"""SPARQL-based constraint components (SHACL, section 6): their declarations, and who uses them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from kgpub.messages import Message
from kgpub.model.report import Node
from kgpub.validation.index import Subject, TripleIndex, text_of
from kgpub.validation.shape_places import Fault
from kgpub.vocabulary import SH, XSD

_COMPONENT = NamedNode(SH + "ConstraintComponent")
_TRUE = Literal("true", datatype=NamedNode(XSD + "boolean"))
_NAME = re.compile(r"[^\W\d][\w-]*$")
_RESERVED = frozenset(("this", "shapesGraph", "currentShape", "path", "PATH", "value"))
_QUERIES = {"validator": "ask", "nodeValidator": "select", "propertyValidator": "select"}


@dataclass(frozen=True)
class Parameter:
    """A parameter: its predicate, the variable that is pre-bound to its value, if it may lack."""

    predicate: str
    name: str
    optional: bool


@dataclass(frozen=True)
class Component:
    """A constraint component, with the validators that it has by the predicate that leads to it."""

    node: Subject
    parameters: tuple[Parameter, ...]
    validators: tuple[tuple[str, Subject], ...]

    def validator(self, of_property: bool) -> Subject | None:
        """Return the validator for property shapes, or for node shapes (SHACL, section 6.2.3)."""
        for name in ("propertyValidator" if of_property else "nodeValidator", "validator"):
            found = sorted((node for kind, node in self.validators if kind == name), key=str)
            if found:
                return found[0]
        return None


@dataclass(frozen=True)
class Use:
    """A constraint: a shape that gives the parameters of a component their values."""

    component: Component
    shape: Subject
    values: tuple[tuple[str, Node], ...]


def components(index: TripleIndex) -> tuple[list[Component], list[Fault]]:
    """Read the declarations of constraint components, and what is wrong with them."""
    found: list[Component] = []
    faults: list[Fault] = []
    for node in sorted(set(index.instances(_COMPONENT)), key=str):
        if text_of(node).startswith(SH):
            # SHACL's own, where its vocabulary is among the shapes.
            continue
        parameters, problems = _parameters(index, node)
        for kind, query in _QUERIES.items():
            for validator in index.objects(node, SH + kind):
                if len(index.objects(validator, SH + query)) != 1 and not _is_script(
                    index, validator
                ):
                    problem = Message("fault-validator", name=f"sh:{kind}", query=f"sh:{query}")
                    problems.append(Fault(node, problem, SH + kind, validator))
        faults += problems
        if not problems:
            validators = (
                (kind, validator)
                for kind, query in _QUERIES.items()
                for validator in index.objects(node, SH + kind)
                if not isinstance(validator, Literal) and index.objects(validator, SH + query)
            )
            found.append(Component(node, tuple(parameters), tuple(validators)))
    return found, faults


def uses(
    index: TripleIndex, declared: list[Component], shapes: set[Subject]
) -> tuple[list[Use], list[Fault]]:
    """Return the constraints of the components `declared`, and what is wrong with some.

    A shape that has no value for a parameter that is not optional has no such constraint.
    """
    found: list[Use] = []
    faults: list[Fault] = []
    for component in declared:
        given: dict[Subject, None] = {}
        for parameter in component.parameters:
            given.update(dict.fromkeys(shape for shape, _ in index.pairs(parameter.predicate)))
        for shape in given:
            values = [(each, index.objects(shape, each.predicate)) for each in component.parameters]
            if shape not in shapes or any(not v and not p.optional for p, v in values):
                continue
            if len(values) == 1:
                name = values[0][0].name
                found += [Use(component, shape, ((name, each),)) for each in values[0][1]]
                continue
            several = [(p.predicate, v[1]) for p, v in values if len(v) > 1]
            faults += [
                Fault(shape, Message("fault-several", name=f"<{each}>"), each, second)
                for each, second in several
            ]
            if not several:
                pairs = tuple((p.name, v[0]) for p, v in values if v)
                found.append(Use(component, shape, pairs))
    return found, faults


def _parameters(index: TripleIndex, node: Subject) -> tuple[list[Parameter], list[Fault]]:
    parameters: list[Parameter] = []
    problems: list[Fault] = []

    def refuse(text: Message, parameter: Node | None = None) -> None:
        problems.append(Fault(node, text, SH + "parameter", parameter))

    for each in index.objects(node, SH + "parameter"):
        paths = index.objects(each, SH + "path")
        if len(paths) != 1 or not isinstance(paths[0], NamedNode):
            refuse(Message("fault-parameter-path"), each)
            continue
        match = _NAME.search(paths[0].value)
        name = match[0] if match else ""
        if not name or "-" in name or name in _RESERVED:
            refuse(Message("fault-parameter-name", value=str(paths[0])), each)
            continue
        optional = _TRUE in index.objects(each, SH + "optional")
        parameters.append(Parameter(paths[0].value, name, optional))
    names = [each.name for each in parameters]
    if len(set(names)) < len(names):
        refuse(Message("fault-parameters-alike"))
    if not problems and all(each.optional for each in parameters):
        refuse(Message("fault-parameters-optional"))
    return sorted(parameters, key=lambda each: each.name), problems


def _is_script(index: TripleIndex, validator: Node) -> bool:
    # SHACL-JS; there may be a validator in SPARQL beside it.
    return bool(index.objects(validator, SH + "jsFunctionName"))


def unvalidated(found: list[Use], index: TripleIndex) -> Iterator[Fault]:
    """Yield the shapes whose constraints no validator is for: SHACL has engines ignore them."""
    for use in found:
        if use.component.validator(bool(index.objects(use.shape, SH + "path"))) is None:
            text = Message("fault-no-validator", node=str(use.component.node))
            given = {name for name, _ in use.values}
            first = next(each for each in use.component.parameters if each.name in given)
            yield Fault(use.shape, text, first.predicate)
