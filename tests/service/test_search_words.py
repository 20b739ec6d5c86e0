"""Which words find which, by the rules of Arabic, Sorani and English, on an index of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.service.search_served import BASE, entity, found, index_of, statements

from kgpub.vocabulary import terms as kg

ARABIC = {
    "بغداد": "وبغداد فبغداد ببغداد لبغداد كبغداد وببغداد بغـداد بَغْدَاد",
    "كاظمي": "الكاظمي والكاظمي فالكاظمي بالكاظمي للكاظمي كالكاظمي وللكاظمي کاظمی كاظمى",
    "حكومة": "الحكومة حكومه حكومته حكومتها وحكومتهم لحكومتنا للحكومة بحكومتكم حكومةً",
    "رئيس": "الرئيس رئيسا رئيسًا كرئيس ورئيسهما رييس رئيسها",
    "أحمد": "احمد وأحمد لأحمد إحمد",
    "يزور": "سيزور وسيزور ويزور فيزور يزورها",
    "علاقات": "علاقاته وعلاقاتهم بعلاقات العلاقات",
    "كردستان": "كوردستان لكردستان لإقليم_كوردستان",
    "2006": "٢٠٠٦ ۲۰۰۶",
    "وزير": "الوزير للوزير ووزير",
    "مؤسسة": "المؤسسة موسسة مؤسسته",
}
"""Words, and what they must find besides themselves; a line below joins words of one statement."""

NOT_ARABIC = {
    "زير": "وزير",
    "كاتب": "كتاب",
    "مكتب": "مكتوب",
    "حسن": "حسين",
    "قلب": "كلب",
    "بنان": "لبنان",
    "ريم": "كريم",
    "لام": "سلام",
    "عالم": "عامل",
    "بصرة": "بصيرة",
}

KURDISH = {
    "هەولێر": "ھەولێر هه‌ولێر هەولێری هەولێرەوە",
    "شار": "شارەکە شارەکان شارێک شارەکانی",
    "سەرۆک": "سەرۆکی سەرۆکان سەرۆکەکە",
    "ڕۆژ": "رۆژ ڕۆژێک رۆژان",
    "کوردستان": "كوردستان کوردستانی",
}

NOT_KURDISH = {"باش": "باژ", "کار": "کەر"}

ENGLISH = {"kurdistan": "Kurdistan KURDISTAN Kurdistan’s", "cafe": "café Cafe", "sirnak": "Şırnak"}

NOT_ENGLISH = {"iraq": "Iran", "kurd": "Kurdistan"}


def texts(forms: dict[str, str], others: dict[str, str]) -> list[str]:
    """Each word oftener than its forms, as in any text, and as often as each other word."""
    lines = []
    for word, of_word in forms.items():
        lines += [word, f"{word} ({word})", word]
        lines += [form.replace("_", " ") for form in of_word.split()]
    for word, other in others.items():
        lines += [word, word, other, other]
    return lines


CORPORA = {
    "ar": texts(ARABIC, NOT_ARABIC),
    "ckb": texts(KURDISH, NOT_KURDISH),
    "en": texts(ENGLISH, NOT_ENGLISH),
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    triples = [each for tag, lines in CORPORA.items() for each in statements(lines, tag)]
    triples += entity("person/karim-kadhimi", kg.Person, ar="كريم الكاظمي", en="Karim Kadhimi")
    triples += entity("office/president", kg.Office, ckb="سەرۆکی هەرێم", ar="رئيس الإقليم")
    connection = index_of(triples, tmp_path_factory.mktemp("words") / "index.sqlite")
    yield connection
    connection.close()


def found_texts(index: sqlite3.Connection, query: str) -> set[str]:
    # A space behind it: the word is whole.
    return {hit.excerpt.text for hit in found(index, query + " ").statements.hits}


def pairs(*tables: dict[str, str]) -> list[tuple[str, str]]:
    return [
        (word, form.replace("_", " "))
        for table in tables
        for word, forms in table.items()
        for form in forms.split()
    ]


@pytest.mark.parametrize(("word", "form"), pairs(ARABIC, KURDISH, ENGLISH))
def test_a_word_finds_its_forms_and_spellings(
    index: sqlite3.Connection, word: str, form: str
) -> None:
    assert form in found_texts(index, word)


@pytest.mark.parametrize(
    ("form", "word"),
    [
        ("وبغداد", "بغداد"),
        ("حكومته", "حكومة"),
        ("للحكومة", "حكومة"),
        ("الكاظمي", "كاظمي"),
        ("رئيسًا", "رئيس"),
        ("كوردستان", "كردستان"),
        ("سيزور", "يزور"),
        ("شارەکان", "شار"),
        ("هەولێرەوە", "هەولێر"),
    ],
)
def test_a_form_finds_its_word(index: sqlite3.Connection, form: str, word: str) -> None:
    assert word in found_texts(index, form)


@pytest.mark.parametrize(("word", "other"), pairs(NOT_ARABIC, NOT_KURDISH, NOT_ENGLISH))
def test_another_word_is_not_found(index: sqlite3.Connection, word: str, other: str) -> None:
    assert word in found_texts(index, word)
    assert other not in found_texts(index, word)
    assert word not in found_texts(index, other)


def test_what_is_found_is_marked(index: sqlite3.Connection) -> None:
    for query, text in [("بغداد ", "وببغداد"), ("كردستان ", "لإقليم كوردستان")]:
        hits = found(index, query).statements.hits
        excerpt = next(hit.excerpt for hit in hits if hit.excerpt.text == text)
        assert excerpt.text[slice(*excerpt.marks[0])] == text.split()[-1]


def test_words_as_they_are_come_before_forms(index: sqlite3.Connection) -> None:
    hits = found(index, "حكومة ").statements.hits
    first = [hit.excerpt.text for hit in hits[:5]]
    # حكومةً too is that word, with a mark.
    assert set(first) == {"حكومة", "حكومة (حكومة)", "حكومه", "حكومةً"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\x00",
        "a" * 10_000,
        "ا" * 10_000,
        "كلمة " * 2_000,
        "\u202eabc\u2066",
        '"',
        '"" OR ""',
        "words:بغداد",
        "NEAR(a b)",
        "a* *b ** *",
        "'; DROP TABLE name; --",
        "%_%",
        "\ud83d",
        "😀",
        "ـ",
        "َُِ",
        "a\nb\r\nc\td",
    ],
)
def test_hostile_queries_are_answered(index: sqlite3.Connection, text: str) -> None:
    answer = found(index, text)
    assert answer.statements.total <= 1_000
    assert len(answer.query.text) <= 300


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(st.sampled_from('ab ا"*«»لبغداد وكم:^()-+{}٢\u200c\u202e\x00'), max_size=40))
def test_any_query_is_answered(index: sqlite3.Connection, text: str) -> None:
    found(index, text)


def test_an_entity_is_found_in_each_script_and_shown_in_the_language_asked(
    index: sqlite3.Connection,
) -> None:
    for query in ("كريم الكاظمي", "Karim Kadhimi", "kazimi karim", "karim", "كريم كاظمي"):
        for language, name in (("en", "Karim Kadhimi"), ("ar", "كريم الكاظمي")):
            hit = found(index, query, language).entities.hits[0]
            assert (hit.entity.name, hit.entity.iri) == (name, BASE + "person/karim-kadhimi")


def test_words_of_an_office_are_found_in_their_forms(index: sqlite3.Connection) -> None:
    for query in ("سەرۆک", "سەرۆکی", "هەرێم", "للرئيس", "رئيسها"):
        iris = {hit.entity.iri for hit in found(index, f"{query} ").entities.hits}
        assert BASE + "office/president" in iris, query
