"""What keeps an item from being linked, however like the names are."""

from __future__ import annotations

import pytest

from kgpub.linking.caution import doubt, may_be_named, without_title
from kgpub.linking.entity import Held, Item, Mention, Names, Type


def doubted(ours: Names, theirs: Names, type_: Type = Type.person) -> str:
    return doubt(Mention(ours, type_), Item("Q1", type_, theirs))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({"ar": ("مصطفى الكاظمي",)}, {"ar": ("مصطفي الكاظمى",)}),
        ({"ar": ("الدكتور سامي الجميل",)}, {"ar": ("سامي الجميّل",)}),
        (
            {"ar": ("نيجيرفان بارزاني",), "en": ("Nechirvan Barzani",)},
            {"en": ("nechirvan barzani",)},
        ),
        ({"ckb": ("كەمال حەسەن",)}, {"ckb": ("کەمال حەسەن",)}),
    ],
)
def test_the_same_name_in_other_writing_is_no_doubt(ours: Names, theirs: Names) -> None:
    assert doubted(ours, theirs) == ""


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (
            {"ar": ("ليلى حسين",), "en": ("Layla Hussein",)},
            {"ar": ("ليلى حسن",), "en": ("Layla Hasan",)},
        ),
        ({"ar": ("سمير عمران",)}, {"ar": ("سميرة عمران",)}),
        ({"ar": ("بسام الخوري",)}, {"ar": ("سام الخوري",)}),
        ({"ar": ("عبد العزيز الحكيم",)}, {"ar": ("عمار عبد العزيز الحكيم",)}),
        ({"ar": ("محمد بن سلمان",)}, {"ar": ("محمد سلمان",)}),
        ({"en": ("Robert Kennedy III",)}, {"en": ("Robert Kennedy",)}),
    ],
)
def test_another_name_is_a_doubt(ours: Names, theirs: Names) -> None:
    assert doubted(ours, theirs) == "No name of it is written the same."


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("رئيس وزراء العراق", "رئيس وزراء إيران"),
        ("وزير خارجية سوريا", "وزير خارجية روسيا"),
        ("كتيبة 51", "كتيبة 15"),
    ],
)
def test_offices_and_bodies_of_another_country_or_number(ours: str, theirs: str) -> None:
    assert doubted({"ar": (ours,)}, {"ar": (theirs,)}, Type.office)


@pytest.mark.parametrize("name", ["محمد", "الرئيس محمد", "م"])
def test_one_word_is_no_name_of_a_person(name: str) -> None:
    assert doubted({"ar": (name,)}, {"ar": (name,)}) == "One word is no name to know a person by."
    assert doubted({"ar": ("بغداد",)}, {"ar": ("بغداد",)}, Type.place) == ""


def test_other_names_in_one_language() -> None:
    ours = {"ar": ("طرابلس",), "en": ("Tripoli",)}
    theirs = {"ar": ("طرابلس",), "en": ("Trabzon",)}
    told = doubted(ours, theirs, Type.place)
    assert told == "In the language en it is “Trabzon”, not “Tripoli”."


def test_what_speaks_against_an_item_stops_it() -> None:
    names = {"ar": ("أحمد المستعصم",)}
    mention = Mention(names, Type.person, active=frozenset({2019}), held=(Held("Q5"),))
    dead = Item("Q1", Type.person, names, born="1190", died="1258")
    assert doubt(mention, dead) == "Died in 1258, and the facts begin in 2019."
    child = Item("Q1", Type.person, names, born="2018")
    assert doubt(mention, child) == "Born in 2018, and the facts end in 2019."
    film = Item("Q1", None, names)
    assert doubt(mention, film) == "Its type is not known."
    assert doubt(mention, Item("Q1", Type.person, names, born="1970")) == ""


def test_titles_are_no_part_of_a_name() -> None:
    assert without_title("رئيس الوزراء مصطفى الكاظمي") == "مصطفى الكاظمي"
    assert without_title("مصطفى الكاظمي") == "مصطفى الكاظمي"


def test_names_across_scripts_may_be_of_one() -> None:
    assert may_be_named("Mustafa al-Kadhimi", "مصطفى الكاظمي")
    assert not may_be_named("Masrour Barzani", "نيجيرفان بارزاني")
