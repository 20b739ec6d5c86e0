"""What a result of SHACL was expected to be: told once, by the shape's message or below it."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kgpub.messages import LANGUAGES, said
from kgpub.model.report import Result
from kgpub.pipeline.placing import problems
from kgpub.pipeline.suggestions import Suggestions
from kgpub.validation import Shapes, engine
from kgpub.vocabulary import SH, SHAPES, resource
from kgpub.vocabulary.schema import shape_files

PREFIXES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <http://ex/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
MANY = " ".join(f'"v{number}"' for number in range(9))


def remedies(shape: str, data: str, message: str = "no") -> list[tuple[str, str]]:
    """Message and first line of the remedy of each result that data have against one shape."""
    told = f'sh:message "{message}"@en , "لا"@ar' if message else ""
    text = f"{PREFIXES} ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:property ex:P . "
    shapes = Shapes.parse({"s.ttl": f"{text} ex:P sh:path ex:p ; {shape} ; {told} ."})
    quads = list(parse(f"{PREFIXES} {data}", format=RdfFormat.TURTLE))
    report = engine("fast").validate(quads, shapes)
    found = problems(report, (), Suggestions(quads.copy, shapes))
    return [(str(each.message), each.remedy.split("\n")[0]) for each in found]


COUNTED = (
    ("sh:minCount 2", "1", "2 or more"),
    ("sh:minCount 2 ; sh:maxCount 2", "1", "exactly 2"),
    ("sh:minCount 2 ; sh:maxCount 3", "1", "2 to 3"),
    ("sh:maxCount 1", "1 , 2", "1 at most"),
    ("sh:qualifiedValueShape [ sh:class ex:P ] ; sh:qualifiedMinCount 2", "ex:b", "2 or more"),
)
EXPECTED = {
    "datatype": ("sh:datatype xsd:integer", 'ex:a ex:p "x" .', "a literal of the datatype integer"),
    "class": ("sh:class ex:Person", "ex:a ex:p ex:b .", "a node of the class Person"),
    "class with a label": (
        "sh:class ex:Person",
        'ex:a ex:p ex:b . ex:Person rdfs:label "human being"@en .',
        "a node of the class human being",
    ),
    "kind of node": ("sh:nodeKind sh:IRIOrLiteral", "ex:a ex:p [] .", "an IRI or a literal"),
    "pattern": ('sh:pattern "^[A-Z]{3}$"', 'ex:a ex:p "x" .', "a text that matches ^[A-Z]{3}$"),
    "list": ('sh:in ( "red" "green" )', 'ex:a ex:p "x" .', "one of red, green"),
    "long list": (
        f"sh:in ( {MANY} )",
        'ex:a ex:p "x" .',
        "one of v0, v1, v2, v3, v4, … and 4 more",
    ),
    "languages": ('sh:languageIn ( "ar" "ckb" )', 'ex:a ex:p "x"@fr .', "one of ar, ckb"),
    "value": ("sh:hasValue ex:b", "ex:a ex:p ex:c .", "the value b"),
    **{
        shape: (shape, f"ex:a ex:p {values} .", f"number of values: {count}")
        for shape, values, count in COUNTED
    },
    "length": ("sh:maxLength 3", 'ex:a ex:p "long" .', "number of characters: 3 at most"),
    "least": ("sh:minInclusive 5", "ex:a ex:p 4 .", "a value ≥ 5"),
    "below": ("sh:maxExclusive 5", "ex:a ex:p 5 .", "a value < 5"),
    "order of dates": (
        "sh:lessThan ex:end",
        'ex:a ex:p "2021-01-02"^^xsd:date ; ex:end "2021-01-01"^^xsd:date .',
        "a value before, or less than, that of end",
    ),
    "order of dates, the same allowed": (
        "sh:lessThanOrEquals ex:end",
        'ex:a ex:p "2021-01-02"^^xsd:date ; ex:end "2021-01-01"^^xsd:date .',
        "a value neither after, nor greater than, that of end",
    ),
    "equal": ("sh:equals ex:q", "ex:a ex:p 1 .", "the same values as q has"),
    "disjoint": ("sh:disjoint ex:q", "ex:a ex:p 1 ; ex:q 1 .", "a value that q does not have"),
}


@pytest.mark.parametrize("case", EXPECTED)
def test_what_was_expected_is_told_beside_a_message_that_does_not(case: str) -> None:
    shape, data, expected = EXPECTED[case]
    assert remedies(shape, data) == [("no", f"Expected: {expected}")]


@pytest.mark.parametrize("case", EXPECTED)
def test_without_a_message_it_is_the_message(case: str) -> None:
    shape, data, expected = EXPECTED[case]
    ((message, remedy),) = remedies(shape, data, "")
    assert message == f"not as the shape asks: {expected}"
    assert not remedy.startswith("Expected")


@pytest.mark.parametrize(
    ("shape", "data", "message"),
    [
        ("sh:class ex:Person", "ex:a ex:p ex:b .", "Give a person."),
        ("sh:maxCount 1", "ex:a ex:p 1 , 2 .", "There is only one of them."),
        ("sh:minCount 2", "ex:a ex:p 1 .", "Give 2 at least."),
        ("sh:datatype xsd:date", 'ex:a ex:p "x" .', "It takes a day."),
        ('sh:in ( "red" "green" )', 'ex:a ex:p "x" .', "It is Red or green."),
        ('sh:pattern "^[A-Z]+$"', 'ex:a ex:p "x" .', "It matches ^[A-Z]+$ ."),
        ("sh:minInclusive 5", "ex:a ex:p 4 .", "It is 5 or more."),
        # That something is missing, or should not be there, is what any message says.
        ("sh:minCount 1", "ex:b ex:p 1 .", "Say it."),
        ("sh:maxCount 0", "ex:a ex:p 1 .", "Leave it out."),
    ],
)
def test_it_is_not_told_beside_a_message_that_says_it(shape: str, data: str, message: str) -> None:
    ((told, remedy),) = remedies(shape, data, message)
    assert told == message
    assert remedy.startswith("about ")


def test_a_word_inside_another_does_not_say_it() -> None:
    ((_, remedy),) = remedies("sh:maxCount 1", "ex:a ex:p 1 , 2 .", "Someone is done.")
    assert remedy == "Expected: number of values: 1 at most"


@pytest.mark.parametrize(
    ("datatype", "text", "advice"),
    [
        ("xsd:date", "2021-02-30", "Did you mean 2021-02-28?"),
        ("xsd:date", "1985-9-3", "Write: 1985-09-03"),
        ("xsd:date", "2021-13-01", "Did you mean 2021-01-13 or 2021-12-01?"),
        (
            "xsd:date",
            "03/04/2021",
            "Write year, month, day: 2021-04-03 or 2021-03-04, whichever is meant.",
        ),
        # No day can be made of a month.
        ("xsd:date", "Feb 2021", "Expected: a literal of the datatype date"),
        ("xsd:integer", "2021-02-30", "Expected: a literal of the datatype integer"),
    ],
)
def test_of_dates_in_rdf_the_nearest_is_told(datatype: str, text: str, advice: str) -> None:
    data = f'ex:a ex:p "{text}"^^{datatype} .'
    assert remedies(f"sh:datatype {datatype}", data) == [("no", advice)]


def test_it_is_told_in_all_languages() -> None:
    text = f'{PREFIXES} ex:P sh:path ex:p ; sh:targetNode ex:a ; sh:maxCount 1 ; sh:message "no" .'
    shapes = Shapes.parse({"s.ttl": text})
    quads = list(parse(f"{PREFIXES} ex:a ex:p 1 , 2 .", format=RdfFormat.TURTLE))
    report = engine("fast").validate(quads, shapes)
    (problem,) = problems(report, (), Suggestions(quads.copy, shapes))
    told = {language: said(problem.remedy, language).split("\n")[0] for language in LANGUAGES}
    assert told == {
        "en": "Expected: number of values: 1 at most",
        "ar": "المتوقع: عدد القيم: 1 على الأكثر",
        "ckb": "چاوەڕوانکراو: ژمارەی بەهاکان: زۆرترین 1",
    }


COMPONENTS = ("minCount", "maxCount", "minLength", "minInclusive", "maxInclusive", "uniqueLang")


def test_of_what_is_missing_or_too_much_kgpub_s_own_shapes_tell_by_themselves() -> None:
    """Each number of values is in the message, but where two or more are asked for."""
    shapes = Shapes.parse(shape_files())
    ontology = list(parse(path=str(resource("ontology") / "kgpub.ttl"), format=RdfFormat.TURTLE))
    suggestions = Suggestions(lambda: ontology, shapes)
    told = set()
    for parameter in COMPONENTS:
        component = f"{SH}{parameter[:1].upper()}{parameter[1:]}ConstraintComponent"
        for shape, _ in shapes.index.pairs(SH + parameter):
            assert isinstance(shape, NamedNode)
            name, node = shape.value, NamedNode("urn:x")
            messages = shapes.messages(shape)
            assert all(isinstance(each, Literal) for each in messages) and messages
            result = Result(node, None, None, component, name, SH + "Violation", messages)
            if suggestions.expectations.beside(result) is not None:
                told.add(name.removeprefix(SHAPES))
    several = {
        shape.value.removeprefix(SHAPES)
        for count in ("minCount", "maxCount")
        for shape, value in shapes.index.pairs(SH + count)
        if isinstance(shape, NamedNode) and isinstance(value, Literal) and int(value.value) > 1
    }
    assert told <= several and "SymmetricParties-between" in told


@pytest.mark.parametrize(("kind", "hinted"), [("flood", True), ("electoin", False)])
def test_of_a_kind_near_to_none_it_is_told_where_all_are_and_how_to_add_one(
    kind: str, hinted: bool
) -> None:
    shapes = Shapes.parse(shape_files())
    schemes = list(parse(path=str(resource("ontology") / "schemes.ttl"), format=RdfFormat.TURTLE))
    text = f"{PREFIXES} @prefix kg: <https://w3id.org/kgpub/ontology#> . "
    text += f"ex:e a kg:Event ; kg:kind <https://w3id.org/kgpub/kind#{kind}> ."
    data = [*parse(text, format=RdfFormat.TURTLE), *schemes]
    report = engine("fast").validate(data, shapes)
    (told,) = (
        each.remedy
        for each in problems(report, (), Suggestions(lambda: data, shapes))
        if each.code == "Event-kind"
    )
    for language in LANGUAGES:
        assert ("kinds.ttl" in said(told, language)) == hinted
        assert ("ontology/schemes.ttl" in said(told, language)) == hinted


def test_a_concept_that_is_told_twice_is_one_of_those_expected() -> None:
    """As where a changed file's quads come beside those of the graph that it changes."""
    shapes = Shapes.parse(shape_files())
    schemes = list(parse(path=str(resource("ontology") / "schemes.ttl"), format=RdfFormat.TURTLE))
    text = f"{PREFIXES} @prefix kg: <https://w3id.org/kgpub/ontology#> . "
    text += "ex:e a kg:Event ; kg:kind <urn:x:zzz> ."
    data = list(parse(text, format=RdfFormat.TURTLE))
    report = engine("fast").validate([*data, *schemes], shapes)
    once, twice = (
        problems(report, (), Suggestions(quads.copy, shapes))
        for quads in ([*data, *schemes], [*data, *schemes, *schemes])
    )
    assert any("and" in each.remedy and "more" in each.remedy for each in once)
    assert once == twice
