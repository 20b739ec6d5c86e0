"""`kgpub link --review`: open candidates one after the other, decided by a person."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from kgpub.linking.entity import Item, Names
from kgpub.model.links import Decided, Decisions, Found, FoundLink, ReviewedLink
from kgpub.reporting.text import isolated, safe
from kgpub.wikidata.names import in_order

MAX_WORDS = 3
"""Statements that are shown of an entity."""
MAX_NAMES = 6
MAX_DESCRIPTIONS = 3
MAX_DIGITS = 9
"""Digits of the number of a candidate."""
_ITEM = "https://www.wikidata.org/wiki/"
_HELP = (
    "a 1: accept the first; r 1: reject it; n: none of them is it; l: later; q: leave off. "
    "After a or r a note may follow: a 1 same office in 2016"
)


@dataclass(frozen=True)
class Open:
    """An entity with candidates that nobody has decided about.

    `words` are those of statements that speak of it.
    """

    entity: str
    names: Names
    words: Sequence[str]
    candidates: Sequence[FoundLink]


def open_candidates(
    found: Iterable[FoundLink],
    decided: Decisions,
    names: Mapping[str, Names],
    words: Mapping[str, Sequence[str]],
) -> list[Open]:
    """Return the entities with candidates, in the order of the file of what was found."""
    by_entity: dict[str, list[FoundLink]] = {}
    for each in found:
        if each.outcome is Found.candidate and decided.leave(each):
            by_entity.setdefault(each.entity, []).append(each)
    return [
        Open(entity, names.get(entity, {}), words.get(entity, ()), candidates)
        for entity, candidates in by_entity.items()
    ]


class Review:
    """Shows open candidates, asks about each, and hands on what is decided at once.

    `ask` returns a line that the person writes, None where there are no more. `keep` says whether
    a decision was kept: somebody else may have come first. `known` returns an item where more is
    known of it than the file says.
    """

    def __init__(
        self,
        out: Console,
        ask: Callable[[str], str | None],
        keep: Callable[[ReviewedLink], bool],
        known: Callable[[str], Item | None],
        by: str,
        day: str,
    ) -> None:
        self._out = out
        self._ask = ask
        self._keep = keep
        self._known = known
        self._by = by
        self._day = day

    def walk(self, opened: Sequence[Open]) -> int:
        """Go through all; return how many decisions were made."""
        made = 0
        for number, each in enumerate(opened, 1):
            self._show(each, f"{number} of {len(opened)}")
            left = list(each.candidates)
            while left:
                line = self._ask("a N, r N, n, l, q or ? > ")
                if line is None or line.strip() == "q":
                    return made
                decision = self._read(line, each.entity, each.candidates)
                if line.strip() == "l":
                    break
                if decision is None:
                    self._out.print(Text(_HELP))
                    continue
                if not self._keep(decision):
                    self._out.print(Text("Somebody else has decided about it meanwhile."))
                    break
                made += 1
                if decision.decision is not Decided.rejected:
                    break
                left = [candidate for candidate in left if candidate.item != decision.item]
        return made

    def _read(self, line: str, entity: str, candidates: Sequence[FoundLink]) -> ReviewedLink | None:
        """Return the decision that a line stands for, None where it is none."""
        word, _, rest = line.strip().partition(" ")
        if word == "n":
            return ReviewedLink(entity, "", Decided.none, self._day, self._by, rest.strip())
        number, _, note = rest.strip().partition(" ")
        decision = {"a": Decided.accepted, "r": Decided.rejected}.get(word)
        # Of thousands of digits `int` makes no number.
        place = int(number) if number.isdecimal() and len(number) <= MAX_DIGITS else 0
        if decision is None or not 0 < place <= len(candidates):
            return None
        item = candidates[place - 1].item
        return ReviewedLink(entity, item, decision, self._day, self._by, note.strip())

    def _show(self, each: Open, number: str) -> None:
        names = [name for of_language in each.names.values() for name in of_language]
        self._out.print()
        self._out.print(Text.assemble((f"{each.entity}  ({number})", "bold")))
        self._out.print(Text(f"  {_listed(names)}"))
        for words in each.words[:MAX_WORDS]:
            self._out.print(Text(f"  “{isolated(safe(words))}”"))
        for position, candidate in enumerate(each.candidates, 1):
            place = f"{_ITEM}{candidate.item}"
            self._out.print(
                Text.assemble(
                    (f"  {position}  {candidate.item}", "bold"), f"  {candidate.score}  {place}"
                )
            )
            for line in _told(candidate.item, self._known(candidate.item)):
                self._out.print(Text(f"     {line}"))
            self._out.print(Text(f"     {isolated(safe(candidate.evidence))}"))


def _told(qid: str, item: Item | None) -> Iterator[str]:
    """Yield what is known of an item: names and descriptions, or that nothing is."""
    if item is None:
        yield "Its names are not known here. Look at that address, or look it up: kgpub link"
        return
    if item.qid != qid:
        yield f"It is {item.qid} now."
    yield _listed([name for _, name in in_order(item.names)]) or "It has no name."
    texts = in_order({tag: (text,) for tag, text in item.descriptions.items()})
    for _, text in texts[:MAX_DESCRIPTIONS]:
        yield isolated(safe(text))


def _listed(names: Sequence[str]) -> str:
    shown = [isolated(safe(name)) for name in dict.fromkeys(names)]
    more = f" and {len(shown) - MAX_NAMES} more" if len(shown) > MAX_NAMES else ""
    return " · ".join(shown[:MAX_NAMES]) + more
