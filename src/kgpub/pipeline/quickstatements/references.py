"""References: where a claim is stated, and with which words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from kgpub.pipeline.quickstatements.facts import Facts
from kgpub.serialisation.order import natural
from kgpub.serialisation.quickstatements import Pairs, text_value, time_value, url_value
from kgpub.vocabulary import terms as kg

URL, TITLE, PUBLISHER, PUBLISHED, QUOTATION = "P854", "P1476", "P123", "P577", "P1683"


def references(facts: Facts, statements: Iterable[str]) -> Iterator[Pairs]:
    """Yield one reference for each article of the statements, with the first words for it there.

    None for an article of which there is neither URL nor title nor publisher to write, or no words.
    """
    of_article: dict[str, list[str]] = defaultdict(list)
    for statement in sorted(statements):
        for article in facts.iris(statement, kg.article):
            of_article[article].append(statement)
    for article in sorted(of_article, key=natural):
        source = tuple(_source(facts, article))
        words = next(_quotations(facts, of_article[article]), None)
        if words is not None and any(name != PUBLISHED for name, _ in source):
            yield (*source, (QUOTATION, words))


def _source(facts: Facts, article: str) -> Iterator[tuple[str, str]]:
    """Yield URL, title, publisher and date of an article, each if it is known and can be said."""
    urls = (url_value(each) for each in facts.iris(article, kg.source))
    languages = {each.value.lower() for each in facts.literals(article, kg.language)}
    titles = (
        text_value(each.value, each.language)
        for each in facts.literals(article, kg.title)
        if each.language is not None and each.language.lower() in languages
    )
    publishers = (facts.item(each) for each in facts.iris(article, kg.publisher))
    dates = (time_value(each.value) for each in facts.literals(article, kg.published))
    found = ((URL, urls), (TITLE, titles), (PUBLISHER, publishers), (PUBLISHED, dates))
    for name, values in found:
        first = next((value for value in values if value is not None), None)
        if first is not None:
            yield name, first


def _quotations(facts: Facts, statements: Iterable[str]) -> Iterator[str]:
    """Yield the words of statements of one article, in the order in which they stand in it."""
    places = {each: tuple(map(natural, facts.iris(each, kg.passage))) for each in statements}
    for statement in sorted(places, key=lambda each: (places[each], each)):
        for words in facts.literals(statement, kg.words):
            value = text_value(words.value, words.language or "")
            if value is not None:
                yield value
