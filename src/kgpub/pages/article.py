"""The page of an article: its text with all that it says marked, and what that asserts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup, escape

from kgpub.pages import asking
from kgpub.pages.addresses import anchor
from kgpub.pages.passages import Mark, Opening, Span, crossing, marked
from kgpub.pages.quotes import in_order, position
from kgpub.pages.reading import types
from kgpub.pages.rendering import LANGUAGE_NAMES, Reference, Text, direction, out, render
from kgpub.pages.view import View, shortened
from kgpub.pages.when import when
from kgpub.vocabulary import terms as kg

STYLE = "article.css"
"""The style sheet of pages with passages of articles, timelines or pictures."""
MAX_STATEMENTS = 250
"""Statements of one article that its page shows."""
_MAX_EXAMINED = 2 * MAX_STATEMENTS
"""Those that are put in order. News have fewer."""
MAX_DEPTH = 6
"""Marks inside each other; parsers of HTML bound how deep elements may be."""
MAX_CROSSING = 32
"""Passages in several pieces that the style sheet can show as one; see article.css."""
_MAX_WORDS = 90
_MAX_ASSERTED = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """A statement in the list beside the text. `mark` is the id of its words in the text, or ""."""

    number: int
    id: str
    mark: str
    words: Text
    page: str | None
    said_by: list[Reference]
    media: list[Text]
    quoted: bool
    asserted: list[Reference]


@dataclass(frozen=True, slots=True)
class Particular:
    """A line of what is known of the thing of a page: the key of its label, and values."""

    label: str
    values: Sequence[Reference | Text | Markup]


def html(view: View, iri: str) -> str:
    """Return the page of the article `iri`."""
    text = view.text_of(iri)
    statements = in_order(view, _statements(view, iri))
    shown = statements[:MAX_STATEMENTS]
    spans = {} if text is None else _spans(view, text, shown)
    entries = [_entry(view, each, number, spans) for number, each in enumerate(shown, 1)]
    language = view.value(iri, kg.language) or ""
    return render(
        "article.html.j2",
        replace(view.frame, styles=(*view.frame.styles, STYLE)),
        title=view.called(iri),
        kind=view.kind(iri),
        language=language,
        text_direction=direction(language),
        particulars=_particulars(view, iri, text),
        text=None if text is None else text_html(text, list(spans.values()), entries),
        entries=entries,
        left_out=len(statements) - len(shown),
        all_statements=asking.link(view.frame, asking.statements("kg:article", iri)),
    )


def told(statement: str) -> str:
    """Return the id of a statement in the list beside the text of its article."""
    return f"told-{anchor(statement)}"


def text_html(text: str, spans: Sequence[Span], entries: Iterable[Entry] = ()) -> Markup:
    """Return a text in paragraphs, with the words of statements marked and linked.

    The text of the elements is `text`, character for character: numbers of statements are
    attributes, which the style sheet shows. Only U+0000, which HTML has no way to write, becomes
    U+FFFD.
    """
    lines = list(marked(text, spans, MAX_DEPTH))
    several = {span: number for number, span in enumerate(crossing(lines)[:MAX_CROSSING], 1)}
    numbers = {entry.id: entry.number for entry in entries}
    return Markup("\n").join(
        Markup("<p>{}</p>").format(_line(each, several, numbers)) for each in lines
    )


def _line(marks: Sequence[Mark], several: Mapping[Span, int], numbers: Mapping[str, int]) -> Markup:
    parts: list[Markup] = []
    depth = 0
    for mark in marks:
        parts += [Markup("</mark>")] * mark.closes
        parts += [
            Markup('<span id="{}"></span>').format(anchor(each.name)) for each in mark.anchors
        ]
        parts += [_opening(each, several, numbers) for each in mark.opens]
        depth += len(mark.opens) - mark.closes
        words = _escaped(mark.text)
        if mark.cover and not mark.text.isspace():
            link = Markup('<a href="#{}">{}</a>')
            words = link.format(told(mark.cover[-1].name), words)
        parts.append(words)
    return Markup("").join((*parts, *[Markup("</mark>")] * depth))


def _opening(opening: Opening, several: Mapping[Span, int], numbers: Mapping[str, int]) -> Markup:
    span = opening.span
    piece = Markup(' class="piece-{}"').format(several[span]) if span in several else Markup("")
    if not opening.first:
        return Markup("<mark{}>").format(piece)
    number = numbers.get(told(span.name), "")
    return Markup('<mark{} id="{}" data-number="{}">').format(piece, anchor(span.name), number)


def _escaped(text: str) -> Markup:
    # Parsers of HTML make a line feed of a carriage return, unless it is written as a reference.
    return escape(text.replace("\0", "\ufffd")).replace("\r", Markup("&#13;"))


def _statements(view: View, article: str) -> list[str]:
    found = view.reading.subjects(kg.article, article, _MAX_EXAMINED)
    kinds = {kg.Statement, kg.Quotation}
    return [each for each in found if kinds.intersection(types(view.reading, each))]


def _spans(view: View, text: str, statements: Iterable[str]) -> dict[str, Span]:
    """Return where statements stand; one whose words do not stand there is left out."""
    found = {}
    for statement in statements:
        place, words = position(view, statement), view.value(statement, kg.words)
        if place is not None and words and text[place[0] : place[1]] == words:
            found[statement] = Span(*place, statement)
    return found


def _entry(view: View, statement: str, number: int, spans: Mapping[str, Span]) -> Entry:
    words = view.texts(statement, kg.words)
    cut = Text(shortened(words[0].text, _MAX_WORDS), words[0].language) if words else Text("")
    return Entry(
        number=number,
        id=told(statement),
        mark=anchor(statement) if statement in spans else "",
        words=cut,
        page=view.frame.page_of(statement),
        said_by=view.references(view.iris(statement, kg.saidBy)),
        media=[view.called(each) for each in view.iris(statement, kg.medium)],
        quoted=kg.Quotation in types(view.reading, statement),
        asserted=view.references(view.iris(statement, kg.asserts)[:_MAX_ASSERTED]),
    )


def _particulars(view: View, iri: str, text: str | None) -> list[Particular]:
    say = view.frame.say
    language = view.value(iri, kg.language)
    published = view.value(iri, kg.published)
    checksum = view.value(iri, kg.checksum)
    submissions = [
        each
        for each in view.reading.subjects(kg.article, iri, _MAX_EXAMINED)
        if kg.Submission in types(view.reading, each)
    ]
    dated = when(view.frame, published) if published else say("article-published-unknown")
    lines = [
        Particular("article-publisher", view.references(view.iris(iri, kg.publisher))),
        Particular("article-published", [dated]),
        Particular("article-language", [_language(language)] if language else []),
        Particular("article-source", [out(Text(each), each) for each in view.iris(iri, kg.source)]),
        Particular("article-submissions", view.references(submissions)),
    ]
    if text is not None:
        lines.append(Particular("article-length", [say("article-characters", count=len(text))]))
    if checksum:
        lines.append(Particular("article-checksum", [_code(checksum)]))
    return [each for each in lines if each.values]


def _language(tag: str) -> Text:
    return Text(LANGUAGE_NAMES[tag], tag) if tag in LANGUAGE_NAMES else Text(tag)


def _code(text: str) -> Markup:
    return Markup('<code dir="ltr">{}</code>').format(text)
