"""What keeps an item from being linked, however like the names are."""

from __future__ import annotations

from dataclasses import replace
from time import process_time

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


def test_an_item_of_very_many_names_is_soon_compared() -> None:
    other = tuple(f"Trabzon {n}" for n in range(500_000))
    begun = process_time()
    assert doubted({"ar": ("طرابلس",), "en": ("Tripoli",)}, {"ar": ("طرابلس",), "en": other})
    assert process_time() - begun < 10


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


@pytest.mark.parametrize(
    "name",
    [
        *("عبد الله", "عبدالله", "أبو علي", "ابن سينا", "صلاح الدين", "نصر الله", "م. سالم"),
        *("Abd al-Rahman", "Abu Mazen", "Salah al-Din", "de Gaulle", "J. Smith", "علي 2"),
        *("آل الصباح", "Abdel Karim", "أم كلثوم", "الملا عمر", "Ali Pasha", "القائد علي باشا"),
    ],
)
def test_a_name_of_two_words_that_is_one_is_no_name_to_know_a_person_by(name: str) -> None:
    assert doubted({"": (name,)}, {"": (name,)}) == "One word is no name to know a person by."


@pytest.mark.parametrize(
    "name",
    [
        *("عبد الله أوجلان", "نوري عبد الله", "حسن نصر الله", "محمد بن سلمان"),
        *("أبو بكر البغدادي", "علي السيستاني", "صدام حسين", "Abdullah Gül", "Ali Larijani"),
        *("Ali al-Sistani", "Charles de Gaulle", "Abdul Rahman Aref", "نور الدين المالكي"),
        *("Mustafa al-Kadhimi", "Nechirvan Barzani", "کەمال حەسەن"),
    ],
)
def test_a_name_of_two_names_is_one(name: str) -> None:
    assert doubted({"": (name,)}, {"": (name,)}) == ""


@pytest.mark.parametrize(
    "name",
    [
        *("علي محمد", "عبد الله علي", "محمد عبد الله", "محمد حسن علي", "أبو علي حسين"),
        *("Mohammed Ali", "Ahmad Hasan al-Ali", "ئەحمەد محەمەد", "عەلی حەسەن"),
    ],
)
def test_what_many_people_are_called_is_linked_only_to_who_has_more_in_common(name: str) -> None:
    names = {"": (name,)}
    told = "There are many people of that name."
    mention = Mention(names, Type.person, frozenset({"IQ"}), frozenset({2016}))
    assert doubt(mention, Item("Q1", Type.person, names)) == told
    assert doubt(mention, Item("Q1", Type.person, names, "IQ", born="1960")) == told
    held = (Held("Q5", "2015"),)
    minister = Item("Q1", Type.person, names, held=held, related=frozenset({"Q7"}))
    assert doubt(replace(mention, held=held), minister) == ""
    assert doubt(replace(mention, held=(Held("Q6", "2015"),)), minister) != ""
    assert doubt(replace(mention, neighbours=frozenset({"Q7"})), minister) == ""
    assert doubt(replace(mention, neighbours=frozenset({"Q8"})), minister) == told
    # A country is beside everybody who lives in it.
    resident = replace(minister, held=(), related=frozenset({"Q796"}))
    assert doubt(replace(mention, neighbours=frozenset({"Q796"})), resident) == told


@pytest.mark.parametrize(
    ("type_", "ours", "theirs"),
    [
        (Type.office, "Deputy Prime Minister of Iraq", "Prime Minister of Iraq"),
        (Type.office, "نائب رئيس الجمهورية", "رئيس الجمهورية"),
        (Type.office, "رئيس بلدية الواحة", "بلدية الواحة"),
        (Type.place, "السيد صادق", "صادق"),
        (Type.organisation, "الإمام علي", "علي"),
    ],
)
def test_a_title_is_part_of_every_name_but_that_of_a_person(
    type_: Type, ours: str, theirs: str
) -> None:
    mention = Mention({"": (ours,)}, type_, countries=frozenset({"IQ"}))
    other = Item("Q1", type_, {"": (theirs,)}, "IQ")
    assert doubt(mention, other) == "No name of it is written the same."
    assert doubt(mention, Item("Q1", type_, {"": (ours,)}, "IQ")) == ""


def test_an_office_is_linked_only_where_its_country_is_the_same() -> None:
    names = {"ar": ("رئيس الوزراء",)}
    of_iraq = Item("Q1", Type.office, names, "IQ")
    in_general = Item("Q2", Type.office, names)
    mention = Mention(names, Type.office, countries=frozenset({"IQ"}))
    assert doubt(mention, of_iraq) == ""
    told = "Whether it is an office of the same country is not known."
    assert doubt(mention, in_general) == told
    assert doubt(Mention(names, Type.office), of_iraq) == told


@pytest.mark.parametrize(
    "name",
    [
        *("وزارة الدفاع", "الحكومة", "مجلس النواب", "Ministry of Defence"),
        *("الحزب الشيوعي", "حزب الاتحاد الديمقراطي", "Democratic Party", "حیزبی شیوعی"),
        *("صحيفة الصباح", "الجمهورية", "Daily Star", "The Independent"),
    ],
)
def test_a_body_that_every_country_has_is_linked_only_where_the_country_is_the_same(
    name: str,
) -> None:
    item = Item("Q1", Type.organisation, {"": (name,)}, "IQ")
    mention = Mention({"": (name,)}, Type.organisation)
    assert doubt(mention, item) == "Other countries have one of that name too."
    known = Mention({"": (name,)}, Type.organisation, countries=frozenset({"IQ"}))
    assert doubt(known, item) == ""
    other = Mention({"": (name,)}, Type.organisation, countries=frozenset({"EG"}))
    assert doubt(other, item) == "Its country is IQ, not EG."
    assert doubted({"": ("Rudaw",)}, {"": ("Rudaw",)}, Type.organisation) == ""


@pytest.mark.parametrize(
    ("ours", "theirs"), [("الأهرام", "أهرام"), ("Ar-Ram", "Ram"), ("As Salt", "Salt")]
)
def test_a_body_of_one_word_is_not_that_of_the_word_with_an_article(ours: str, theirs: str) -> None:
    told = "A word with the article is another name than the word alone."
    for one, other in ((ours, theirs), (theirs, ours)):
        assert doubted({"": (one,)}, {"": (other,)}, Type.organisation) == told
        assert doubted({"": (one,)}, {"": (other, one)}, Type.organisation) == ""
    # Of more words, it is a matter of style; and so it is with towns.
    names = f"{theirs} News", f"{ours} News"
    assert doubted({"": names[:1]}, {"": names[1:]}, Type.organisation) == ""
    assert doubted({"": (ours,)}, {"": (theirs,)}, Type.place) == ""


@pytest.mark.parametrize("kind", ["governorate", "district"])
def test_a_place_of_unknown_kind_may_be_the_town_for_which_what_is_around_it_is_named(
    kind: str,
) -> None:
    names = {"ar": ("البصرة",)}
    item = Item("Q1", Type.place, names, "IQ", kind=kind)
    told = f"Whether the {kind} is meant, or a place of its name, is not known."
    assert doubt(Mention(names, Type.place), item) == told
    assert doubt(Mention(names, Type.place, kind=kind), item) == ""
    assert doubt(Mention(names, Type.place), replace(item, kind="city")) == ""


@pytest.mark.parametrize("kind", ["governorate", "district", "region", "river", "mountain"])
def test_what_bears_the_name_of_its_town_is_linked_only_to_what_is_known_to_be_one(
    kind: str,
) -> None:
    names = {"ar": ("البصرة",)}
    mention = Mention(names, Type.place, kind=kind)
    told = f"Whether it is a {kind}, or a place of its name, is not known."
    assert doubt(mention, Item("Q1", Type.place, names, "IQ")) == told
    assert doubt(mention, Item("Q1", Type.place, names, "IQ", kind=kind)) == ""
    town = Mention(names, Type.place, kind="town")
    assert doubt(town, Item("Q1", Type.place, names, "IQ")) == ""


@pytest.mark.parametrize("name", ["تونس", "الكويت", "الجزائر"])
def test_a_place_of_unknown_kind_may_be_the_capital_of_a_country_of_its_name(name: str) -> None:
    country = Item("Q1", Type.place, {"ar": (name,)}, "XX", kind="country")
    told = "Whether the country is meant, or a place of its name, is not known."
    assert doubt(Mention({"ar": (name,)}, Type.place), country) == told
    assert doubt(Mention({"ar": (name,)}, Type.place, kind="country"), country) == ""


def test_an_event_is_known_by_a_year_or_number() -> None:
    told = "There is more than one event of a name without a year or number."
    assert doubted({"ar": ("حرب الخليج",)}, {"ar": ("حرب الخليج",)}, Type.event) == told
    dated = {"ar": ("حريق 2018",)}
    assert doubted(dated, {"ar": ("حريق ٢٠١٨",)}, Type.event) == ""
    assert doubted(dated, {"ar": ("حريق 2021",)}, Type.event)


@pytest.mark.parametrize(
    "name",
    ["انتخابات 2018", "الانتخابات البرلمانية لعام 2018", "هەڵبژاردنی 2018", "2018 elections"],
)
def test_an_event_that_every_country_has_is_linked_only_where_the_country_is_the_same(
    name: str,
) -> None:
    names = {"": (name,)}
    mention = Mention(names, Type.event, frozenset({"IQ"}))
    told = "Other countries had one of that name too."
    assert doubt(mention, Item("Q1", Type.event, names)) == told
    assert doubt(Mention(names, Type.event), Item("Q1", Type.event, names, "IQ")) == told
    assert doubt(mention, Item("Q1", Type.event, names, "IQ")) == ""
    assert doubted({"": (f"{name} في العراق",)}, {"": (f"{name} في العراق",)}, Type.event) == ""
