"""What an engine is lenient on, or reads in its own way; docs/shacl-engines.md lists it.

A test that fails here may mean that an engine has mended it.
"""

from __future__ import annotations

import pytest
from tests.contract.shacl_graphs import query, shapes, turtle

from kgpub.errors import WorkspaceError
from kgpub.validation import engine


def results(name: str, constraint: str, value: str, more: str = "") -> int:
    asked = shapes(f"ex:S sh:path ex:p ; sh:targetNode ex:a ; {constraint} .")
    return len(engine(name).validate(turtle(f"ex:a ex:p {value} . {more}"), asked).results)


@pytest.mark.parametrize(
    ("constraint", "value", "by_shacl", "by_pyshacl"),
    [
        ("sh:minLength 0", "_:b", 1, 0),
        ("sh:datatype xsd:double", '"inf"^^xsd:double', 1, 0),
        ("sh:datatype xsd:decimal", '"1E1"^^xsd:decimal', 1, 0),
        ("sh:minInclusive 0.1E0", "0.1", 0, 1),
        ("sh:maxInclusive 500", '"300"^^xsd:byte', 1, 0),
    ],
)
def test_of_pyshacl(constraint: str, value: str, by_shacl: int, by_pyshacl: int) -> None:
    assert results("fast", constraint, value) == by_shacl
    assert results("pyshacl", constraint, value) == by_pyshacl


@pytest.mark.parametrize("name", ["fast", "pyshacl"])
@pytest.mark.parametrize(
    ("pattern", "flags", "value", "expected"),
    [
        ("^a.b$", "s", '"a\\nb"', 0),
        ("^(?!x)a.b$", "s", '"a\\nb"', 0),
        ("^a.b$", "", '"a\\nb"', 1),
        ("^a$", "", '"a\\n"', 1),
        ("^(?!x)a$", "", '"a\\n"', 1),
        ("^ a b $", "x", '"ab"', 0),
        ("^(?!x) a b $", "x", '"ab"', 0),
        ("^(?!x)a[ #]$", "x", '"a "', 0),
        ("a.b", "q", '"axb"', 1),
        ("^[a-z-[b]]$", "", '"b"', 1),
        ("^[a&&b]$", "", '"a"', 0),
        ("^[x~~y]$", "", '"x"', 0),
        ("^\\\\i\\\\c*$", "", '"ab"', 0),
    ],
)
def test_patterns_are_read_as_xpath_has_them(
    name: str, pattern: str, flags: str, value: str, expected: int
) -> None:
    constraint = f'sh:pattern "{pattern}"' + (f' ; sh:flags "{flags}"' if flags else "")
    assert results(name, constraint, value) == expected


def test_of_the_native_engine() -> None:
    assert not results("fast", 'sh:minInclusive "a"', '"x"^^xsd:anyURI')
    assert results("fast", 'sh:pattern "^\\\\w$"', '"+"')
    assert not results("fast", 'sh:pattern "^\\\\w$"', '"_"')


def test_blocks_of_characters_are_refused() -> None:
    with pytest.raises(WorkspaceError, match=r"shapes\.ttl:\d+:\d+"):
        results("fast", 'sh:pattern "^\\\\p{IsBasicLatin}$"', '"a"')


@pytest.mark.parametrize("name", ["fast", "pyshacl"])
def test_texts_compare_by_their_characters_whatever_their_languages(name: str) -> None:
    assert not results(name, "sh:lessThan ex:q", '"a"@en', 'ex:a ex:q "b"@en .')
    assert not results(name, "sh:lessThan ex:q", '"a"@en', 'ex:a ex:q "b"@ar .')
    assert results(name, "sh:lessThan ex:q", '"b"@en', 'ex:a ex:q "a"@en .')


def test_beside_a_number_of_many_digits_texts_compare_alike() -> None:
    for constraint, value in (('sh:minInclusive "a"@en', '"b"@ar'), ("sh:lessThan ex:q", '"a"@en')):
        asked = shapes(f"ex:S sh:path ex:p ; sh:targetNode ex:a ; {constraint} .")
        data = turtle(f'ex:a ex:p {value} , 99999999999999999999 ; ex:q "b"@ar .')
        (result,) = engine("fast").validate(data, asked).results
        assert result.value is not None
        assert result.value.value == "99999999999999999999"


def test_conditions_of_a_query_are_bounded() -> None:
    conditions = " || ".join(f"?v = {number}" for number in range(1001))
    select = f"SELECT $this {{ $this ex:p ?v FILTER ({conditions}) }}"
    with pytest.raises(WorkspaceError, match=r"shapes\.ttl:\d+:\d+: .*1,000"):
        shapes(f"ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:sparql [ {query(select)} ] .")


def test_the_length_of_a_query_is_bounded() -> None:
    select = f"SELECT $this {{ $this ex:p ?v FILTER (?v != '{'a' * 100_000}') }}"
    with pytest.raises(WorkspaceError, match=r"shapes\.ttl:\d+:\d+: .*100,000"):
        shapes(f"ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:sparql [ {query(select)} ] .")
