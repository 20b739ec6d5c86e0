"""Behind each fact its words: a statement in the sentence of the article around it."""

from __future__ import annotations

from dataclasses import dataclass

from kgpub.pages.addresses import anchor
from kgpub.pages.passages import Excerpt, excerpt
from kgpub.pages.reading import types
from kgpub.pages.rendering import Reference, Text
from kgpub.pages.view import View
from kgpub.vocabulary import OA
from kgpub.vocabulary import terms as kg

MAX_WORDS = 4_000
"""Code points of a statement that are shown away from its own page."""

_EXAMINED = 4
"""How many statements of one fact are put in order for each that is shown."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A statement as it is shown behind what it asserts.

    `where` leads to its passage in the page of the article, `statement` to its own page; None
    where there is none. `quoted` says that the article gives the words as somebody else's.
    """

    iri: str
    language: str
    excerpt: Excerpt
    said_by: list[Reference]
    quoted: bool
    media: list[Text]
    article: Reference | None
    where: str | None
    statement: str | None


def quote(view: View, statement: str) -> Quote | None:
    """Return the words of a statement in their context, or None where it has none."""
    words = view.texts(statement, kg.words)
    if not words:
        return None
    articles = view.iris(statement, kg.article)
    article = view.reference(articles[0]) if articles else None
    return Quote(
        iri=statement,
        language=words[0].language,
        excerpt=_excerpt(view, statement, articles, words[0].text),
        said_by=view.references(view.iris(statement, kg.saidBy)),
        quoted=kg.Quotation in types(view.reading, statement),
        media=[view.called(each) for each in view.iris(statement, kg.medium)],
        article=article,
        where=f"{article.href}#{anchor(statement)}" if article and article.href else None,
        statement=view.frame.page_of(statement),
    )


def quotes(view: View, asserted: str, most: int) -> tuple[list[Quote], int]:
    """Return statements that assert a fact or event, in the order of their articles.

    At most `most` of them; how many more there are, at the least, comes second.
    """
    found = view.reading.subjects(kg.asserts, asserted, most * _EXAMINED + 1)
    first = in_order(view, found[: most * _EXAMINED])[:most]
    shown = [each for each in (quote(view, statement) for statement in first) if each]
    return shown, len(found) - len(first)


def in_order(view: View, statements: list[str]) -> list[str]:
    """Return statements in the order in which they stand in their articles."""

    def place(statement: str) -> tuple[str, int, int, str]:
        start, end = position(view, statement) or (0, 0)
        return (next(iter(view.iris(statement, kg.article)), ""), start, end, statement)

    return sorted(statements, key=place)


def position(view: View, statement: str) -> tuple[int, int] | None:
    """Return where the words of a statement begin and end, in code points, or None."""
    for passage in view.iris(statement, kg.passage):
        start, end = view.value(passage, OA + "start"), view.value(passage, OA + "end")
        if start and end and start.isdecimal() and end.isdecimal() and len(start + end) < 20:
            return int(start), int(end)
    return None


def _excerpt(view: View, statement: str, articles: list[str], words: str) -> Excerpt:
    place = position(view, statement)
    text = view.text_of(articles[0]) if articles and place else None
    if text is not None and place and text[place[0] : place[1]] == words and len(words) < MAX_WORDS:
        return excerpt(text, *place)
    return Excerpt("", words[:MAX_WORDS], "", cut_after=len(words) > MAX_WORDS)
