"""The search in the browser finds what that of the service finds, in the same order."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse
from tests.conftest import REPOSITORY
from tests.service.search_served import BASE, Triple, entity, index_of, statements
from tests.site.comparing import Node, needs_node, node

from kgpub.index.filling import fill
from kgpub.index.schema import open_to_read
from kgpub.pages.addresses import anchor
from kgpub.pages.rendering import Site
from kgpub.search.excerpts import Excerpt
from kgpub.search.found import EntityHit, Found, Hits, Named, PassageHit, Section
from kgpub.search.query import parsed
from kgpub.service.search.routes import COUNTS
from kgpub.service.search.searching import Asked, search
from kgpub.site.browser.rules import rules
from kgpub.site.browser.shards import Shards
from kgpub.vocabulary import terms as kg

pytestmark = needs_node

PUBLISHED = "https://w3id.org/kgpub/data/"
LANGUAGES = ("en", "ar", "ckb")
ALL: Mapping[Section, int] = dict.fromkeys(Section, 1_000)
TYPED = (
    "kadhimi", "Kazimi", "al-Kadhimi", "mustafa", "mustfa", "الكاظمي", "كاظمي", "للكاظمي", "کازمی",
    "بارزاني", "بارزانی", "barzani", "nechirvan", "نيجيرفان", "نيچيرڤان", "نێچیرڤان بارزانی",
    "كوردستان", "کردستان", "kurdistan", "بغداد", "وبغداد", "ببغداد", "baghdad", "رئيس الوزراء",
    '"رئيس الوزراء"', '"إقليم كوردستان"', "وزير", "زير", "الو*", "و*", "ك", "ال", "the", "al",
    "prime minister iraq", "minister*", "iraq kadhimi nowhere", "nobody wrote this", "في العراق",
    "في", "من في على", "Q16", "article", "1985", "١٩٨٥", "لندن london", "مصطفى الكاظمي",
    "Mustafa Abdullatif al-Kadhimi", "د. مصطفى الكاظمي", "والرئيس بارزاني", "شاعر", "هه\u200cولير",
    "😀", "", "***", '"', "حكومته", "حكومة", "الحكومة", "كتاب", "offices", "office",
)  # fmt: skip


@dataclass(frozen=True)
class Corpus:
    """An index, and its parts as a browser reads them."""

    index: sqlite3.Connection
    parts: Path


def page(iri: str) -> str:
    return f"page/{iri.rpartition('/')[2]}"


def parts_of(index: sqlite3.Connection, folder: Path) -> Path:
    folder.mkdir()
    shards = Shards(index, page)
    contents = [*shards.parts(), ("manifest", shards.manifest), ("rules", rules())]
    for name, content in contents:
        (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Node]:
    with node() as started:
        yield started


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    """What the repository publishes."""
    folder = tmp_path_factory.mktemp("published")
    store = Store()
    for quad in parse(path=str(REPOSITORY / "output/dataset.nq"), format=RdfFormat.N_QUADS):
        store.add(Quad(quad.subject, quad.predicate, quad.object))
    for name in ("kgpub.ttl", "schemes.ttl"):
        store.load(path=str(REPOSITORY / "ontology" / name), format=RdfFormat.TURTLE)
    store.add(Quad(NamedNode(f"{PUBLISHED}nothing"), NamedNode(kg.name), NamedNode(PUBLISHED)))
    site = Site(PUBLISHED, "Facts", "Me", "https://example.org/licence")
    fill(store, site, folder / "index.sqlite")
    with closing(open_to_read(folder / "index.sqlite")) as index:
        yield Corpus(index, parts_of(index, folder / "parts"))


def vocabulary() -> list[str]:
    path = REPOSITORY / "articles/al-kadhimi-and-kurdistan/article.txt"
    return sorted(set(path.read_text(encoding="utf-8").split()))


def drawn(count: int) -> Iterator[Triple]:
    """Yield entities and statements that share words, few of them very common."""
    draw = Random(7)
    known = vocabulary()

    def some(least: int, most: int) -> str:
        # The first words are drawn far oftener than the last.
        number = draw.randint(least, most)
        return " ".join(known[int(len(known) * draw.random() ** 4)] for _ in range(number))

    classes = (kg.Person, kg.Organisation, kg.Place, kg.Topic)
    for number in range(count):
        slug = f"thing/{draw.choice(('noor', 'Ali', 'hasan'))}-{number}"
        names = {"ar": some(1, 3), "en": f"Name{number % 37} {draw.choice(('Hasan', 'Husayn'))}"}
        if number % 5 == 0:
            names["ckb"] = draw.choice(("هەولێر", "کوردستان", "نێچیرڤان")) + some(0, 1)
        yield from entity(slug, draw.choice(classes), **names)
    for language in ("ar", "ckb", "en"):
        yield from statements([some(2, 60) for _ in range(count * 2)], language)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    """More than a search looks at, and than stands in one part."""
    folder = tmp_path_factory.mktemp("large")
    with closing(index_of(list(drawn(350)), folder / "index.sqlite")) as index:
        made = Corpus(index, parts_of(index, folder / "parts"))
        assert len(list(made.parts.glob("postings-*"))) > 2
        assert len(list(made.parts.glob("entities-*"))) > 2
        yield made


def pieces(excerpt: Excerpt) -> dict[str, Any]:
    return {
        "pieces": [[text, is_marked] for text, is_marked in excerpt.pieces],
        "isCutBefore": excerpt.is_cut_before,
        "isCutAfter": excerpt.is_cut_after,
    }


def named(thing: Named, has_page: bool = True) -> dict[str, Any]:
    return {
        "iri": thing.iri,
        "page": page(thing.iri) if has_page else None,
        "name": thing.name,
        "language": thing.language,
    }


def of_entity(hit: EntityHit) -> dict[str, Any]:
    return {
        "entity": named(hit.entity),
        "kind": named(hit.kind, has_page=False),
        "matched": pieces(hit.matched),
        "matchedName": hit.matched.text,
        "matchedLanguage": hit.matched_language,
    }


def of_passage(hit: PassageHit) -> dict[str, Any]:
    return {
        "anchor": "" if hit.iri == hit.article.iri else anchor(hit.iri),
        "excerpt": pieces(hit.excerpt),
        "language": hit.language,
        "article": named(hit.article),
        "speakers": [named(each) for each in hit.speakers],
    }


def of_hits(hits: Hits[Any], told: Any) -> dict[str, Any]:
    return {
        "hits": [told(hit) for hit in hits.hits],
        "first": hits.first,
        "total": hits.total,
        "isMore": hits.is_more,
        "someOnly": hits.some_only,
    }


def of_found(found: Found) -> dict[str, Any]:
    return {
        "entities": of_hits(found.entities, of_entity),
        "statements": of_hits(found.statements, of_passage),
        "articles": of_hits(found.articles, of_passage),
    }


def require_same(
    corpus: Corpus,
    browser: Node,
    texts: list[str],
    language: str,
    counts: Mapping[Section, int] = ALL,
    first: int = 0,
) -> int:
    """Compare the answers; return how many found anything."""
    told = browser.ask(
        "search",
        folder=str(corpus.parts),
        language=language,
        texts=texts,
        counts={section.value: count for section, count in counts.items()},
        first=first,
    )
    found = 0
    for text, answer in zip(texts, told, strict=True):
        here = search(corpus.index, "build", Asked(parsed(text), language, counts, first))
        expected = of_found(here)
        found += any(each["total"] for each in expected.values())
        answered = {
            key: answer[key] if answer[key]["total"] or key in counted(counts) else expected[key]
            for key in expected
        }
        for key, part in expected.items():
            assert answered[key] == part, (text, language, key)
    return found


def counted(counts: Mapping[Section, int]) -> list[str]:
    return [section.value for section in counts]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_people_type(published: Corpus, browser: Node, language: str) -> None:
    assert require_same(published, browser, list(TYPED), language, COUNTS) > len(TYPED) / 2


def test_every_word_of_the_article(published: Corpus, browser: Node) -> None:
    some = vocabulary()
    assert require_same(published, browser, some, "ar") > len(some) * 0.9
    # The last letter may be still missing.
    require_same(published, browser, [word[:-1] for word in some], "ar")


def test_every_name(published: Corpus, browser: Node) -> None:
    names = [text for (text,) in published.index.execute("SELECT text FROM name ORDER BY id")]
    assert require_same(published, browser, names, "ckb") == len(names)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_more_than_is_looked_at(large: Corpus, browser: Node, language: str) -> None:
    draw = Random(11)
    known = vocabulary()
    texts = [*known[:20], "name1", "n", "na", "Hasan", "husayn", "hassan", "ا", "ال", "و"]
    texts += [" ".join(draw.choices(known[: 5 + 10 * number], k=3)) for number in range(8)]
    texts += [f'"{" ".join(draw.choices(known[:6], k=2))}"' for _ in range(8)]
    texts += [f"{word[:2]}*" for word in draw.choices(known, k=8)]
    assert require_same(large, browser, texts, language) > len(texts) / 2


@pytest.mark.parametrize("section", list(Section))
def test_one_section_from_a_place_on(large: Corpus, browser: Node, section: Section) -> None:
    texts = [*vocabulary()[:4], "hasan"]
    require_same(large, browser, texts, "ar", {section: 20}, first=20)


def test_an_empty_dataset(browser: Node, tmp_path: Path) -> None:
    with closing(index_of([], tmp_path / "index.sqlite")) as index:
        empty = Corpus(index, parts_of(index, tmp_path / "parts"))
        assert require_same(empty, browser, ["kadhimi", "ك", "", "a b"], "en") == 0


def test_things_without_names_and_of_others(browser: Node, tmp_path: Path) -> None:
    triples: list[Triple] = [
        *statements(["said by nobody known", "said by the nameless"], "en"),
        (f"{BASE}statement/en-0", kg.saidBy, "https://example.com/elsewhere"),
        (f"{BASE}statement/en-1", kg.saidBy, f"{BASE}person/…"),
        *entity("person/…", kg.Person),
        *entity("person/somebody", kg.Person, en="somebody known"),
    ]
    with closing(index_of(triples, tmp_path / "index.sqlite")) as index:
        corpus = Corpus(index, parts_of(index, tmp_path / "parts"))
        told = browser.ask(
            "search",
            folder=str(corpus.parts),
            language="en",
            texts=["said", "known"],
            counts={"entities": 5, "statements": 5, "articles": 5},
            first=0,
        )
    speakers = [each["speakers"][0] for each in told[0]["statements"]["hits"]]
    assert [(each["name"], each["page"]) for each in speakers] == [
        ("https://example.com/elsewhere", None),
        (f"{BASE}person/…", "page/…"),
    ]
    assert [hit["entity"]["name"] for hit in told[1]["entities"]["hits"]] == ["somebody known"]
