"""The catalogues agree with each other and with what the code asks of them."""

from __future__ import annotations

import ast
import copy
import pickle
import re
import unicodedata
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kgpub
from kgpub.grounding.characters import Kind
from kgpub.messages import LANGUAGES, RIGHT_TO_LEFT, Given, Lines, Message, catalogue, said

SOURCE = Path(kgpub.__file__).parent
FSI, PDI = "\u2068", "\u2069"
TOKENS = {
    *("BCP", "CSV", "EDTF", "IRI", "JSON", "SKOS", "Turtle", "U", "UTF", "Windows", "XLSX"),
    *("YAML", "kgpub"),
}
"""Names that are Latin in every language, outside of what is isolated."""
ONLY_ENGLISH = "english"
"""The placeholder for what other software or the calendar says in English."""


def placeholders(template: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(template) if field is not None}


def literals(code: ast.expr) -> set[str]:
    """The codes that are written out in an argument: one, or one of two by a condition."""
    if isinstance(code, ast.IfExp):
        return literals(code.body) | literals(code.orelse)
    return {code.value} if isinstance(code, ast.Constant) and isinstance(code.value, str) else set()


def constants() -> tuple[set[str], set[str]]:
    """All strings in the code that are no docstrings, and the codes that messages are made of."""
    strings, codes = set(), set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                strings.add(node.value)
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Message":
                codes |= literals(node.args[0])
    return strings, codes


def test_all_languages_have_the_same_codes_in_kebab_case() -> None:
    for language in LANGUAGES:
        assert set(catalogue(language)) == set(catalogue("en"))
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code) for code in catalogue("en"))


def test_the_code_uses_all_codes_and_no_others() -> None:
    strings, codes = constants()
    assert len(codes) > 200
    assert codes <= set(catalogue("en"))
    kinds = {f"kind-{kind.name.lower().replace('_', '-')}" for kind in Kind}
    counts = {f"{name}-count" for name in ("error", "warning", "info")}
    made = {*kinds, *counts, *(f"{code}-many" for code in (*kinds, *counts))}
    made |= {code for code in catalogue("en") if code.startswith("libyaml-")}
    assert set(catalogue("en")) - strings == made - strings


@pytest.mark.parametrize("language", RIGHT_TO_LEFT)
def test_translations_have_the_same_placeholders(language: str) -> None:
    for code, template in catalogue("en").items():
        theirs = placeholders(catalogue(language)[code])
        assert theirs == placeholders(template) - {ONLY_ENGLISH}, code
        assert all(name.isidentifier() for name in placeholders(template)), code


@pytest.mark.parametrize("language", RIGHT_TO_LEFT)
def test_translations_are_in_their_script_with_latin_only_where_it_is_isolated(
    language: str,
) -> None:
    for code, template in catalogue(language).items():
        words = re.sub(f"{FSI}[^{PDI}]*{PDI}|{{\\w+}}", "", template)
        assert set(re.findall("[A-Za-z]+", words)) <= TOKENS, code
        assert "`" not in template, code
        if any(each.isalpha() for each in words):
            assert any("ARABIC" in unicodedata.name(each, "") for each in words), code


def test_each_language_keeps_to_its_own_letters() -> None:
    """Arabic and Kurdish have each their own kaf, yeh and heh, which look alike."""
    for code, template in catalogue("ckb").items():
        assert not set(template) & set("\u0643\u064a\u0649\u0629"), code
    for code, template in catalogue("ar").items():
        if not code.startswith("plain-kurdish"):
            assert not set(template) & set("\u06a9\u06cc\u06d5\u06b5\u06c6\u06ce"), code


@given(st.text() | st.sampled_from(["{0}", "{x.__class__}", "{value!r}", "{{", "}", "%s", "`x`"]))
def test_values_are_never_interpreted(value: str) -> None:
    message = Message("unknown-key", key=value)
    assert message == f"unknown key {value}"
    for language in RIGHT_TO_LEFT:
        before, after = catalogue(language)["unknown-key"].split("{key}")
        told = message.text(language)
        assert told.startswith(before) and told.endswith(after)
        inserted = told[len(before) : len(told) - len(after)]
        if not re.search("[\u2066-\u2069]", value):
            assert inserted.strip(FSI + PDI) == value


@given(st.text(st.sampled_from(f"ab1{FSI}{PDI}\u2066\u2067")))
def test_nothing_inserted_leaves_its_isolate(value: str) -> None:
    told = Message("unknown-key", key=value).text("ar")
    assert told.count(FSI) == told.count(PDI) <= 1
    assert not set("\u2066\u2067") & set(told)
    assert told.find(FSI) <= told.find(PDI)


def test_a_message_is_its_english_text_and_says_what_it_holds_in_the_same_language() -> None:
    inner = Message("each-of", key="'asserts'")
    message = Message("mapping-expected", what=inner)
    assert message == "each of 'asserts' is a mapping of keys to values"
    assert message.code == "mapping-expected"
    assert inner.text("ckb") in message.text("ckb")
    assert message.text("fr") == message


def test_what_is_inserted_is_isolated_once_and_numbers_are_not() -> None:
    assert f": {FSI}nmae{PDI}" in Message("unknown-key", key="nmae").text("ar")
    isolated = Message("words-absent", words=f"{FSI}كلمة{PDI}").text("ar")
    assert (isolated.count(FSI), isolated.count(PDI)) == (1, 1)
    assert FSI not in Message("stands-at-line", line=12).text("ar")


def test_what_is_put_together_is_translated_part_by_part() -> None:
    parts = Lines(["person/x", "place/x"], Message("or"))
    assert parts == "person/x or place/x"
    assert parts.text("ar") == "person/x أو place/x"
    lines = Lines([Message("remove-it"), Message("rename-it")])
    assert lines.text("ckb").splitlines() == [
        Message("remove-it").text("ckb"),
        Message("rename-it").text("ckb"),
    ]


def test_a_given_message_falls_back_to_english_and_then_to_any() -> None:
    given_one = Given("Person-name", {"ar": "اسم", "en": "name"})
    assert [given_one.text(tag) for tag in ("ar", "en", "ckb")] == ["اسم", "name", "name"]
    assert Given("x", {"": "untagged"}).text("ar") == "untagged"
    assert Given("x", {"fr": "nom"}) == "nom"


@pytest.mark.parametrize(
    "message",
    [
        Message("unknown-key", key="k"),
        Lines([Message("remove-it"), "plain"], Message("comma")),
        Given("Shape", {"ar": "نص", "en": "text"}),
    ],
)
def test_copies_speak_all_languages(message: Message) -> None:
    for again in (copy.deepcopy(message), pickle.loads(pickle.dumps(message))):
        assert again == message and again.code == message.code
        assert [said(again, tag) for tag in LANGUAGES] == [said(message, tag) for tag in LANGUAGES]


def test_an_unknown_code_or_a_missing_value_is_an_error_of_the_program() -> None:
    with pytest.raises(KeyError):
        Message("no-such-code")
    with pytest.raises(KeyError):
        Message("unknown-key")
