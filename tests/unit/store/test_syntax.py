"""What the text of a query tells before it is parsed."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import REPOSITORY

from kgpub.errors import QueryError
from kgpub.store.syntax import MAX_DEPTH, MAX_TOKENS, form, measure, tokens, undeclared


@given(st.text())
def test_tokens_are_what_stands_in_the_text(text: str) -> None:
    try:
        found = list(tokens(text))
    except QueryError as error:
        assert "is not closed" in str(error)
        return
    end = 0
    for token in found:
        between = text[end : token.start()]
        assert all(line.strip(" \t\n\r") == "" or "#" in line for line in [between])
        end = token.end()


def test_the_queries_that_come_with_kgpub_are_far_from_the_limits() -> None:
    for path in (REPOSITORY / "queries").glob("*.rq"):
        text = path.read_text(encoding="utf-8")
        measure(text)
        assert len(list(tokens(text))) < MAX_TOKENS * 3 / 4, path.name


@pytest.mark.parametrize("pair", ["()", "{}", "[]"])
def test_depth(pair: str) -> None:
    opening, closing = pair
    measure(opening * MAX_DEPTH + closing * MAX_DEPTH)
    measure((opening + closing) * (MAX_TOKENS // 2))
    with pytest.raises(QueryError, match=f"query:1:{MAX_DEPTH + 1}: more than {MAX_DEPTH}"):
        measure(opening * (MAX_DEPTH + 1))


@pytest.mark.parametrize(
    "hidden",
    [
        "'{}'", '"{}"', "'''\n'{}'''", '"""\n"{}"""', "<http://e/{}>", "?x # {}\n", "ex:a\\({}",
    ],
)  # fmt: skip
def test_brackets_in_terms_and_comments_are_none(hidden: str) -> None:
    many = ("\\(" if "ex:" in hidden else "(") * (MAX_DEPTH * 2)
    measure(f"ASK {{ ?a ?b {hidden.replace('{}', many)} }}")


@pytest.mark.parametrize("text", ["ASK { FILTER(1<%s", "ASK { FILTER(1<urn:a%s>2) }", "'\\'' %s"])
def test_brackets_that_could_be_in_a_term_are_counted(text: str) -> None:
    with pytest.raises(QueryError, match="more than"):
        measure(text.replace("%s", "(" * (MAX_DEPTH * 2)))


# Each holds what takes most of the stack as often as `measure` lets it.
DEEPEST = {
    "EXISTS": "ASK {" + "FILTER EXISTS {" * (MAX_DEPTH - 1) + "}" * MAX_DEPTH,
    "IF": f"ASK {{ FILTER({'IF(1,1,' * (MAX_DEPTH - 2)}1{')' * (MAX_DEPTH - 2)}) }}",
    "IN": f"ASK {{ FILTER({'1 IN (' * (MAX_DEPTH - 2)}1{')' * (MAX_DEPTH - 2)}) }}",
    "EXISTS in IF": "ASK {" + "FILTER(IF(1,1,EXISTS {" * 33 + "}))" * 33 + "}",
    "DESCRIBE": "DESCRIBE" + " <http://e/>" * (MAX_TOKENS - 1),
    "negations": f"ASK {{ FILTER({'!' * (MAX_TOKENS - 8)}1) }}",
    "BIND": f"ASK {{ {' '.join(f'BIND(1 AS ?x{n})' for n in range(MAX_TOKENS // 6 - 1))} }}",
    "UNION": f"ASK {{ {'{} UNION ' * (MAX_TOKENS // 3 - 3)} {{}} }}",
}


@pytest.mark.parametrize("name", DEEPEST)
def test_what_is_not_refused_leaves_half_of_the_stack(name: str) -> None:
    measure(DEEPEST[name])
    program = "import sys; from pyoxigraph import Store; Store().query(sys.argv[1])"
    done = subprocess.run(
        ["bash", "-c", 'ulimit -s 4096 && exec "$0" -c "$1" "$2"', sys.executable, program,
         DEEPEST[name]],
        capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(
    "text",
    [
        "'''\n\\'" * 300_000,
        '"""\n\\"' * 300_000,
        "<" * 2_000_000,
        "<a" * 1_000_000,
        "'\\" * 1_000_000,
        "a." * 1_000_000,
        "@a-" * 700_000,
        "VALUES ?x {" + " a:b" * 1_000_000,
        "?x IN (" + "a:b," * 1_000_000,
    ],
)
def test_the_time_grows_with_the_length(text: str) -> None:
    before = time.process_time()
    for examine in (measure, form, lambda text: list(undeclared(text, {}))):
        with suppress(QueryError):
            examine(text)
    assert time.process_time() - before < 30


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT * {}", "SELECT"),
        ("# ask\nPREFIX select: <http://e/describe>\nbase <x> Construct {} {}", "CONSTRUCT"),
        ('VERSION "1.2" DESCRIBE <http://e/>', "DESCRIBE"),
        ("nothing SELECT", ""),
        ("", ""),
    ],
)
def test_form(text: str, expected: str) -> None:
    assert form(text) == expected


def test_undeclared_prefixes() -> None:
    text = (
        'prefix a: <http://a:b/> ASK { ?x:y a:b kg:c , : , <d:e> , \'f:g\' ; h:i """j:k""" '
        "@en-l . # m:n\n _:o p.q:r s\\:t 5 u-v: }"
    )
    found = [name["prefix"] for name in undeclared(text, {"kg": "http://kg/"})]
    assert found == ["", "", "h", "p.q", "u-v"]
