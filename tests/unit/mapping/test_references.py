"""What is said of a wrong reference fits its key, and what it proposes can be written there."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgpub.mapping.values import check_language, reference
from kgpub.model.slug import ValueProblem
from kgpub.vocabulary import ENTITY_SECTIONS
from kgpub.vocabulary.schema import REFERENCE_FOLDERS, schema

TERMS = schema("https://example.org/data/").terms
KNOWN = {"layla": ["person/layla"]}
FOLDERS = "Write folder/slug; folders are: " + ", ".join(REFERENCE_FOLDERS)
SLUG = "A slug is made of a-z, 0-9"
EVENT = "Write event/slug, or a label such as _:escape."

# Key and value; what is wrong; what to do.
WRONG = [
    ("about", "person/Salim", "'Salim' cannot be a slug", "Did you mean person/salim?"),
    ("about", "Person/layla", "is called 'Person'", "Did you mean person/layla?"),
    ("about", "persons/layla", "is called 'persons'", "Did you mean person/layla?"),
    ("about", "people/Layla Hasan", "is called 'people'", "Did you mean person/layla-hasan?"),
    ("about", "organizations/x", "is called 'organizations'", "Did you mean organisation/x?"),
    ("about", "zzzzzz/x", "is called 'zzzzzz'", FOLDERS),
    ("about", "person:layla", "of the scheme 'person'", "Did you mean person/layla?"),
    ("about", "javascript:x", "of the scheme 'javascript'", FOLDERS),
    ("about", "people", "does not say of what kind", FOLDERS),
    ("about", "layla", "does not say of what kind", "Write person/layla."),
    ("about", "person/سليم", "'سليم' cannot be a slug", SLUG),
    ("asserts", "foo", "does not say of what kind", EVENT),
    ("asserts", "layla", "does not say of what kind", EVENT),
    ("asserts", "people/layla", "is called 'people'", EVENT),
    ("asserts", "javascript:x", "of the scheme 'javascript'", EVENT),
    ("asserts", "events/x", "is called 'events'", "Did you mean event/x?"),
    ("person", "javascript:x", "of the scheme 'javascript'", "Write a slug, made of a-z"),
    ("person", "https:layla", "of the scheme 'https'", "Give an address that begins with https"),
    ("person", "people/layla", "person takes a bare slug", "Write layla."),
    ("person", "person/Layla Hasan", "person takes a bare slug", "Write layla-hasan."),
    ("person", "offices/mayor", "not of offices/", "Describe it in its section"),
    ("person", "zzzzzz/x", "'zzzzzz/x' cannot be a slug", SLUG),
    ("publisher", "organizations/x", "publisher takes a bare slug", "Write x."),
]


@pytest.mark.parametrize(("key", "value", "wrong", "remedy"), WRONG)
def test_what_is_wrong_and_what_would_mend_it(
    key: str, value: str, wrong: str, remedy: str
) -> None:
    with pytest.raises(ValueProblem) as raised:
        reference(value, TERMS[key], KNOWN)
    assert wrong in raised.value.message
    assert raised.value.remedy.startswith(remedy)


@pytest.mark.parametrize("section", ENTITY_SECTIONS)
def test_the_name_of_a_section_stands_for_its_folder(section: str) -> None:
    folder = ENTITY_SECTIONS[section][1]
    for written in (section, section.capitalize(), folder[:-1].capitalize()):
        with pytest.raises(ValueProblem) as raised:
            reference(f"{written}/x-1", TERMS["about"], {})
        assert raised.value.remedy == f"Did you mean {folder}x-1?"


@pytest.mark.parametrize("key", ["about", "asserts", "person"])
@pytest.mark.parametrize("form", ["{}/x", "{}:x", "person/{}", "event/{}", "{}"])
@pytest.mark.parametrize("letter", ["x", "X", "س"])
def test_what_is_said_is_short_whatever_was_written(key: str, form: str, letter: str) -> None:
    with pytest.raises(ValueProblem) as raised:
        reference(form.format(letter * 100_000), TERMS[key], {})
    assert len(f"{raised.value.message} {raised.value.remedy}") < 300


parts = st.sampled_from([*REFERENCE_FOLDERS, *ENTITY_SECTIONS, "Persn", "x", "A b", "", "é", "1-"])


@given(
    st.sampled_from(["about", "asserts", "person", "office"]), parts, st.sampled_from("/:"), parts
)
def test_what_is_proposed_is_accepted(key: str, one: str, between: str, other: str) -> None:
    try:
        reference(f"{one}{between}{other}", TERMS[key], {})
    except ValueProblem as problem:
        found = re.fullmatch(r"(?:Did you mean|Write) ([a-z0-9/-]+)[.?]", problem.remedy)
        if found and found[1] != "event/slug":
            reference(found[1], TERMS[key], {})


def test_languages_are_found_by_their_names_in_the_standard() -> None:
    """By the reference names of ISO 639-3, as far as those are one language each."""
    names = {"ar": "Arabic", "ckb": "Central Kurdish", "kmr": "Northern Kurdish", "en": "English"}
    names |= {"sdh": "Southern Kurdish", "fa": "Persian", "tr": "Turkish", "de": "German"}
    for tag, name in names.items():
        with pytest.raises(ValueProblem) as raised:
            check_language(name)
        assert raised.value.remedy == f"Did you mean {tag}?"


@pytest.mark.parametrize(
    ("tag", "remedy"),
    [
        ("arr", "Did you mean ar?"),
        ("ara", "Did you mean ar?"),
        ("fra", "Did you mean fr?"),
        ("tur", "Did you mean tr?"),
        ("ckp", "Did you mean ckb?"),
        ("xx", "Languages here: ar, ckb"),
        # By what it is called, in any of the three languages, or nearly so.
        ("arabic", "Did you mean ar?"),
        ("Arabik", "Did you mean ar?"),
        ("عربي", "Did you mean ar?"),
        ("العربية", "Did you mean ar?"),
        ("عەرەبی", "Did you mean ar?"),
        ("kurdish", "Did you mean ckb or kmr?"),
        ("الكردية", "Did you mean ckb or kmr?"),
        ("کوردی", "Did you mean ckb or kmr?"),
        ("sorani", "Did you mean ckb?"),
        ("انكليزي", "Did you mean en?"),
        ("klingon", "Languages here: ar, ckb"),
        ("لغة", "Tags look like"),
    ],
)
def test_a_language_near_to_an_unknown_tag_is_proposed(tag: str, remedy: str) -> None:
    with pytest.raises(ValueProblem) as raised:
        check_language(tag)
    assert raised.value.remedy.startswith(remedy)
