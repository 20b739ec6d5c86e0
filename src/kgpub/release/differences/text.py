"""Changes as a person reads them in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.cells import cell_len
from rich.text import Text as Rich

from kgpub.messages import Lines, Message
from kgpub.pages.rendering import Text
from kgpub.pages.retracted import Retraction
from kgpub.release.differences.changes import Changes, Section
from kgpub.release.differences.comparing import Differences
from kgpub.release.differences.telling import GRAPH, Row, Source, Telling, Told
from kgpub.reporting.text import isolated, printable, safe

MAX_TOLD = 100
"""Changes that are told one by one unless more are asked for; the rest are counted."""
BECAME = {"changed": "diff-changed", "added": "diff-added", "removed": "diff-removed"}
"""What became of a thing, in the order of reports, with the codes of the words for it."""

_SIGNS = {"added": "+", "removed": "−", "changed": "~", "kept": " "}
_STYLES = {"added": "green", "removed": "red", "changed": "yellow", "kept": ""}
_STATED = {
    "added": "diff-now-stated",
    "removed": "diff-no-longer-stated",
    "kept": "diff-stated",
}
_COMMA = Message("comma")


def differences_text(
    differences: Differences, changes: Changes, telling: Telling, limit: int = MAX_TOLD
) -> Iterator[Rich]:
    """Yield the report in pieces: the summary, then the changes by section, `limit` at the most.

    Whatever is from the datasets is isolated, so that words from right to left do not reorder what
    stands around them, and holds nothing that controls a terminal.
    """
    language = telling.language
    yield Rich("\n".join(summary(differences, changes, language)) + "\n")
    section: Section | None = None
    for number, changed in enumerate(changes):
        if number == limit:
            rest = sum(changes.counts.values()) - limit
            yield Rich(f"\n{Message('and-more', number=f'{rest:,}').text(language)}\n", "bold")
            return
        if changed.section is not section:
            section = changed.section
            yield Rich(f"\n{Message(section.value).text(language)}\n", style="bold")
        yield _one(telling.tell(changed), language)


def heading(differences: Differences, language: str) -> str:
    """Return what is compared, in a line."""
    names = (differences.before.name, differences.after.name)
    before, after = (isolated(safe(name)) for name in names)
    return Message("diff-title", before=before, after=after).text(language)


def quad_counts(differences: Differences, language: str) -> str:
    """Return how many quads differ, in a line."""
    if not differences:
        return Message("diff-none").text(language)
    removed, added = f"{differences.removed.count:,}", f"{differences.added.count:,}"
    return Message("diff-quads", removed=removed, added=added).text(language)


def summary(differences: Differences, changes: Changes, language: str) -> Iterator[str]:
    """Yield what is compared, and how much of what has changed, a line each."""
    yield heading(differences, language)
    for section in Section:
        counts = counted(changes, section)
        if counts:
            yield f"  {Message(section.value).text(language)}: {counts.text(language)}"
    yield f"  {quad_counts(differences, language)}"


def counted(changes: Changes, section: Section) -> Lines | None:
    """Return how many things of a section were changed, added and removed; None for none."""
    parts = [
        Message("counted-facts", number=f"{number:,}", what=Message(code))
        for what, code in BECAME.items()
        if (number := changes.counts.get((section, what), 0))
    ]
    return Lines(parts, _COMMA) if parts else None


def label(row: Row) -> Text | Message:
    """Return what the values of a row are."""
    return Message("diff-graph") if row.property == GRAPH else row.label


def stated(source: Source) -> Message:
    """Return whether a statement asserts the fact still, no longer, or only now."""
    return Message(_STATED[source.what])


def retracted(retraction: Retraction) -> Message:
    """Return since when something is retracted."""
    return Message("diff-retracted", day=retraction.day)


def retracted_by(retraction: Retraction) -> Message:
    """Return who has retracted it."""
    return Message("diff-retracted-by", name=printable(retraction.by))


def where(source: Source) -> Lines:
    """Return in which article a statement stands, and who says it."""
    parts: list[str] = []
    if source.article.text:
        parts.append(Message("told-in", source=_shown(source.article)))
    if source.speakers:
        speakers = Lines([_shown(each) for each in source.speakers], _COMMA)
        parts.append(Message("told-by", speakers=speakers))
    return Lines(parts, Message("semicolon"))


def _one(told: Told, language: str) -> Rich:
    what = told.changed.what
    text = Rich(f"{_SIGNS[what]} ", style=_STYLES[what])
    text.append(_named(told), style=f"bold {_STYLES[what]}")
    text.append(f"  {safe(told.changed.after or told.changed.before)}\n", style="dim")
    lines = list(_lines(told, language))
    width = max((cell_len(name) for name, _, _ in lines), default=0)
    last = ""
    for name, line, style in lines:
        shown = "" if name == last else name
        text.append(f"    {shown}{' ' * (width - cell_len(shown))} │ ", style="dim")
        text.append(f"{printable(line)}\n", style=style)
        last = name
    return text


def _named(told: Told) -> str:
    kind = told.kind_beside
    return _shown(told.title) + (f" ({_shown(kind)})" if kind.text else "")


def _lines(told: Told, language: str) -> Iterator[tuple[str, str, str]]:
    """Yield the lines below a change: what each is of, its text and its style."""
    if told.was is not None:
        yield Message("diff-was").text(language), _shown(told.was), ""
    if told.retraction is not None:
        name = retracted(told.retraction).text(language)
        for reason in told.retraction.reasons_in(language):
            yield name, _shown(reason), ""
        if told.retraction.by:
            yield name, retracted_by(told.retraction).text(language), "dim"
    for row in told.particulars:
        its = label(row)
        name = its.text(language) if isinstance(its, Message) else _label(its, language)
        for what, values, more in (
            ("removed", row.removed, row.more[0]),
            ("added", row.added, row.more[1]),
        ):
            for line in _values(values, more, language):
                yield name, f"{_SIGNS[what]} {line}", _STYLES[what]
    for source in told.sources:
        name = stated(source).text(language)
        yield name, f"“{_shown(source.words)}”", _STYLES[source.what]
        yield name, where(source).text(language), "dim"
    if told.more_sources:
        others = Message("and-more", number=f"{told.more_sources:,}")
        yield "", others.text(language), "dim"


def _values(values: Iterable[Text], more: int, language: str) -> Iterator[str]:
    yield from map(_shown, values)
    if more:
        yield Message("and-more", number=f"{more:,}").text(language)


def _label(text: Text, language: str) -> str:
    return printable(text.text) if text.language == language else _shown(text)


def _shown(text: Text) -> str:
    # The isolates stay that names of facts have around whom they are about.
    return isolated(printable(text.text))
