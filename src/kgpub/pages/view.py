"""What one page shows: things by their names in its language, and the links to their pages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from pyoxigraph import Literal

from kgpub.messages import LANGUAGES
from kgpub.pages import reading as reads
from kgpub.pages.reading import Reading
from kgpub.pages.rendering import Frame, Reference, Text, out
from kgpub.pages.words import words
from kgpub.vocabulary import KG, KIND, RDFS, SKOS, TIME
from kgpub.vocabulary import terms as kg

_VOCABULARIES = (KG, KIND, RDFS, SKOS, TIME)
"""What pages have words for, and readers need not follow."""
_NAMES = (kg.name, kg.title, SKOS + "prefLabel", RDFS + "label")
_PARTIES = (
    kg.person, kg.resident, kg.holder, kg.subject, kg.between,
    kg.office, kg.organisation, kg.organisationKind, kg.place, kg.object, kg.target,
)  # fmt: skip
"""What a fact is called by, in this order."""
MAX_CALLED = 120
"""Code points of what a thing without a name is called."""
_MAX_PARTIES = 3
_MINTED = re.compile("[0-9a-f]{32}")
"""What IRIs end in that nobody has chosen; see kgpub.mapping.minting."""
_STEERING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_MAX_DEPTH = 3


@dataclass(frozen=True)
class View:
    """One page: what it reads from, and its frame."""

    reading: Reading
    frame: Frame

    _names: dict[str, Text] = field(default_factory=dict, repr=False, compare=False)
    _kinds: dict[tuple[str, int], str] = field(default_factory=dict, repr=False, compare=False)
    _article_texts: dict[str, str | None] = field(default_factory=dict, repr=False, compare=False)

    def called(self, iri: str) -> Text:
        """Return what a thing is called: its name, else what tells it from others, else its IRI.

        The text of a thing without a name is in the language of the page, with what is named in
        it isolated by characters (Unicode Standard Annex 9, section 2.4).
        """
        if iri not in self._names:
            self._names[iri] = self._name(iri, 0)
        return self._names[iri]

    def reference(self, iri: str) -> Reference:
        """Return a thing by what it is called, linked to its page, or to where it is elsewhere."""
        text = self.called(iri)
        if iri.startswith(self.frame.site.base):
            # What has a fragment is told of in the page of what it is a part of, if there is one.
            described = self.reading.described(iri.partition("#")[0])
            return Reference(text, self.frame.page_of(iri) if described else None)
        if iri.startswith(_VOCABULARIES):
            address = self.frame.site.addresses.term(iri, self.frame.language)
            known = address is not None and self.reading.described(iri)
            return Reference(text, self.frame.to(address) if address and known else None)
        return out(text, iri)

    def references(self, iris: Iterable[str]) -> list[Reference]:
        """Return references to each of `iris`."""
        return [self.reference(iri) for iri in iris]

    def iris(self, subject: str, predicate: str) -> list[str]:
        """Return the IRIs that `subject` has as `predicate`, sorted."""
        return reads.iris(self.reading.objects(subject, predicate))

    def texts(self, subject: str, predicate: str) -> list[Text]:
        """Return the literals of `subject` and `predicate`, those in the page's language first."""
        found = reads.literals(self.reading.objects(subject, predicate))
        return [text(each) for each in sorted(found, key=self._by_language)]

    def value(self, subject: str, predicate: str) -> str | None:
        """Return the first value that `subject` has as `predicate`, or None."""
        return reads.value(self.reading.objects(subject, predicate))

    def holds(self, subject: str, predicate: str) -> bool:
        """Tell whether `subject` has `predicate` with the xsd:boolean true."""
        return self.value(subject, predicate) in ("true", "1")

    def kind(self, iri: str) -> Text:
        """Return what the kind of a thing is called, else its class, else nothing."""
        found = self._kind(iri)
        return self.called(found) if found else Text("")

    def classes(self, iri: str) -> list[str]:
        """Return the classes of a thing, kgpub's before those of others."""
        found = reads.types(self.reading, iri)
        return sorted(found, key=lambda each: (not each.startswith(KG), each))

    def text_of(self, article: str) -> str | None:
        """Return the exact text of an article, or None."""
        if article not in self._article_texts:
            self._article_texts[article] = self.reading.text_of(article)
        return self._article_texts[article]

    def _name(self, iri: str, depth: int) -> Text:
        if iri.startswith(TIME):
            word = words(self.frame.language).get("day-" + iri.removeprefix(TIME))
            return Text(word, self.frame.language) if word else Text(local_name(iri))
        for predicate in _NAMES:
            found = self.texts(iri, predicate)
            if found:
                return found[0]
        said = self.texts(iri, kg.words)
        if said:
            return Text(shortened(said[0].text), said[0].language)
        told = self._told(iri, depth) if depth < _MAX_DEPTH else ""
        return Text(told, self.frame.language) if told else Text(local_name(iri))

    def _kind(self, iri: str) -> str:
        found = self.iris(iri, kg.kind) or self.classes(iri)
        return found[0] if found else ""

    def _kind_called(self, iri: str, depth: int) -> str:
        """Return what the kind of a thing is called; a kind may be of a kind, even of its own."""
        found = (self._kind(iri), depth)
        if found not in self._kinds:
            self._kinds[found] = self._name(*found).text if found[0] else ""
        return self._kinds[found]

    def _told(self, iri: str, depth: int) -> str:
        kind = self._kind_called(iri, depth + 1)
        if not kind:
            return ""
        parties = [each for predicate in _PARTIES for each in self.iris(iri, predicate)]
        for participation in self.iris(iri, kg.participation):
            parties += self.iris(participation, kg.participant)
        parties += self.iris(iri, kg.participant) + self.iris(iri, kg.linkedEntity)
        names = [isolated(self._name(each, depth + 1).text) for each in parties[:_MAX_PARTIES]]
        if not names and not _MINTED.fullmatch(local_name(iri)):
            names = [isolated(local_name(iri))]
        if len(parties) > _MAX_PARTIES:
            names.append("…")
        when = self.value(iri, kg.time) or self.value(iri, kg.start)
        comma = ", " if self.frame.language == "en" else "، "
        if self.holds(iri, kg.negated):
            kind = words(self.frame.language)["denied"].format(what=kind)
        told = kind + (": " + comma.join(names) if names else "")
        return told + (f" ({isolated(when)})" if when else "")

    def _by_language(self, literal: Literal) -> tuple[int, str, str]:
        language = literal.language or ""
        return (self._rank(language), language, literal.value)

    def _rank(self, language: str) -> int:
        order = (self.frame.language, *LANGUAGES)
        return order.index(language) if language in order else len(order)


def text(literal: Literal) -> Text:
    """Return a literal as a text with its language."""
    return Text(literal.value, literal.language or "")


def isolated(text: str) -> str:
    """Return `text` isolated from what stands around it; what steers direction is taken out."""
    return f"\u2068{_STEERING.sub('', text)}\u2069"


def shortened(text: str, limit: int = MAX_CALLED) -> str:
    """Return `text` in one line, cut at a space before `limit` code points, with … where cut."""
    line = " ".join(text[: limit * 4].split())
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    return (cut.rpartition(" ")[0] or cut).rstrip("،,;:؛") + "…"


def local_name(iri: str) -> str:
    """Return the last part of an IRI."""
    return re.split(r"[/#]", iri.rstrip("/#"))[-1] or iri
