"""Synthetic articles in Arabic with the submissions that say what they state.

They are of the seed article's kind: people who hold offices, belong to organisations, live and
work somewhere, meet, travel and are quoted. All of it is invented. The number of an article and
the seed decide everything about it, so that a larger corpus begins with the smaller one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TypeVar

from benchmarks import words
from benchmarks.words import Word

T = TypeVar("T")

SEED = 2026
"""What the published figures were made with."""

Value = str | int | bool | Sequence["Value"] | dict[str, "Value"]
Node = dict[str, Value]

SECTIONS = ("organisations", "people", "offices", "places", "topics")


@dataclass(frozen=True)
class SyntheticArticle:
    """An article's text, its metadata and its submission with the keys that people write.

    `facts` counts the facts and events that the submission asserts.
    """

    slug: str
    text: str
    metadata: Node
    submission: Node
    facts: int


def articles(facts: int, seed: int = SEED) -> Iterator[SyntheticArticle]:
    """Yield articles until they have stated at least `facts` facts."""
    number = 0
    while facts > 0:
        article = synthesise(number, seed)
        yield article
        facts -= article.facts
        number += 1


def synthesise(number: int, seed: int = SEED, facts: int = 0) -> SyntheticArticle:
    """Return article `number` of the corpus that grows from `seed`, with `facts` facts or more."""
    draw = _Draw(number, Random(f"{seed}/{number}"))
    publisher = draw.organisation(8 * draw.below(4) + words.BODIES.index(_NEWSPAPER))
    sentences = _sentences(draw, facts)
    person, topic = (draw.named(name, next(iter(draw.described[name]))) for name in _TITLE)
    title = f"{person.arabic} و{topic.arabic}"
    lines = [title, *_paragraphs(sentences, draw)]
    statements: list[Value] = [sentence.statement for sentence in sentences]
    submission: Node = {"article": f"report-{number}"}
    submission |= {name: draw.described[name] for name in SECTIONS if draw.described[name]}
    submission["statements"] = statements
    return SyntheticArticle(
        slug=f"report-{number}",
        text="\n".join(lines) + "\n",
        metadata={"title": {"ar": title}, "language": "ar", "publisher": publisher},
        submission=submission,
        facts=sum(sentence.facts for sentence in sentences),
    )


_NEWSPAPER = words.BODIES[-1]
_TITLE = ("people", "topics")


@dataclass(frozen=True)
class _Sentence:
    text: str
    statement: Node

    @property
    def facts(self) -> int:
        asserted = self.statement.get("asserts", ())
        return len(asserted) if isinstance(asserted, list) else 0


@dataclass
class _Draw:
    """Draws what one article speaks of, and gathers the descriptions of it."""

    number: int
    random: Random
    described: dict[str, dict[str, Value]] = field(
        default_factory=lambda: {name: {} for name in SECTIONS}
    )

    def below(self, limit: int) -> int:
        # random() keeps its sequence across versions of Python; choice and sample need not.
        return int(self.random.random() * limit)

    def one(self, choices: Sequence[T]) -> T:
        return choices[self.below(len(choices))]

    def known(self) -> int:
        """Draw from what is known by now: the first ones often, and ever new ones."""
        return int(self.random.random() ** 2 * (20 + self.number))

    def _describe(self, section: str, slug: str, word: Word, **more: Value) -> str:
        entity: Node = {"name": {"ar": word.arabic, "en": word.english}, **more}
        self.described[section].setdefault(slug, entity)
        return slug

    def person(self, index: int) -> tuple[str, str]:
        """Describe person `index`; return slug and Arabic name."""
        # A prime step, so that people who are known early do not share a family's name.
        parts = _parts(7_919 * index, words.GIVEN_NAMES, words.FATHERS_NAMES, words.FAMILY_NAMES)
        word = Word(" ".join(p.arabic for p in parts), " ".join(p.english for p in parts))
        more: dict[str, Value] = {}
        if index % 10 == 3:
            more["wikidata"] = f"Q{900_000_000 + index}"
            more["evidence"] = "An invented item for an invented person."
        slug = _numbered(word.slug, index, 27_000)
        return self._describe("people", slug, word, **more), word.arabic

    def organisation(self, index: int) -> str:
        body, subject, city = _parts(index, words.BODIES, words.SUBJECTS, words.CITIES)
        word = Word(
            f"{body.arabic} {subject.arabic} في {city.arabic}",
            f"{subject.english} {body.english} of {city.english}",
        )
        kind = words.BODY_KINDS[words.BODIES.index(body)]
        slug = _numbered(word.slug, index, 8_000)
        return self._describe("organisations", slug, word, kind=kind)

    def office(self, index: int) -> tuple[str, str]:
        """Describe an office, the organisation that it is of, and return slug and Arabic name."""
        post = words.POSTS[index % len(words.POSTS)]
        organisation = self.organisation(index // len(words.POSTS))
        body = self.named("organisations", organisation)
        word = Word(f"{post.arabic} {body.arabic}", f"{post.english} of {body.english}")
        more: dict[str, Value] = {"organisation": organisation, "single-holder": True}
        slug = _numbered(word.slug, index, 32_000)
        return self._describe("offices", slug, word, **more), word.arabic

    def named(self, section: str, slug: str) -> Word:
        """Return the names of what was described there under `slug`."""
        entity = self.described[section][slug]
        assert isinstance(entity, dict)
        names = entity["name"]
        assert isinstance(names, dict)
        return Word(str(names["ar"]), str(names["en"]))

    def place(self, index: int) -> tuple[str, str]:
        word = words.CITIES[index % len(words.CITIES)]
        return self._describe("places", word.slug, word, kind="city"), word.arabic

    def topic(self) -> tuple[str, str]:
        word = self.one(words.TOPICS)
        return self._describe("topics", word.slug, word), word.arabic


def _parts(index: int, *lists: Sequence[Word]) -> list[Word]:
    """Take one word of each list, another combination for each index until all are taken."""
    parts = []
    for choices in lists:
        parts.append(choices[index % len(choices)])
        index //= len(choices)
    return parts


def _numbered(slug: str, index: int, combinations: int) -> str:
    again = index // combinations
    return f"{slug}-{again + 1}" if again else slug


def _sentences(draw: _Draw, facts: int) -> list[_Sentence]:
    """Return what the article states, no sentence twice: five to nine facts, some quotations."""
    makers = [*_MAKERS]
    chosen: list[Callable[[_Draw], _Sentence]] = [_tenure, _quotation]
    for _ in range(3 + draw.below(4)):
        chosen.append(makers.pop(draw.below(len(makers))))
    sentences = [maker(draw) for maker in chosen]
    while sum(sentence.facts for sentence in sentences) < facts:
        more = draw.one(_MAKERS)(draw)
        # What another fact refers to has a label, which stands once in a file.
        if "_:" not in str(more.statement) and more.text not in {each.text for each in sentences}:
            sentences.append(more)
    return sentences


def _paragraphs(sentences: Sequence[_Sentence], draw: _Draw) -> Iterator[str]:
    for sentence in sentences:
        remark = draw.one(words.REMARKS)
        yield f"{sentence.text} {remark}." if draw.below(2) else sentence.text


def _plain(text: str, *asserts: Node) -> _Sentence:
    return _Sentence(f"{text}.", {"words": text, "asserts": list(asserts)})


def _tenure(draw: _Draw) -> _Sentence:
    """One of three holders in turn, so that articles agree on who held an office when."""
    index = draw.known()
    turn = draw.below(3)
    office, title = draw.office(index)
    person, name = draw.person(3 * index + turn)
    start = 2001 + 6 * turn + index % 3
    text = f"تولى {name} منصب {title} من عام {start} حتى عام {start + 5}"
    tenure: Node = {"type": "Tenure", "person": person, "office": office}
    return _plain(text, {**tenure, "start": start, "end": start + 5})


def _membership(draw: _Draw) -> _Sentence:
    person, name = draw.person(draw.known())
    party = draw.organisation(8 * draw.below(25) + 3)
    year = 1985 + draw.below(30)
    text = f"انضم {name} إلى {draw.named('organisations', party).arabic} عام {year}"
    membership: Node = {"type": "Membership", "person": person, "organisation": party}
    return _plain(text, {**membership, "role": "member", "start": year})


def _independence(draw: _Draw) -> _Sentence:
    person, name = draw.person(draw.known())
    text = f"لم ينتم {name} يوما إلى أي حزب سياسي"
    membership: Node = {"type": "Membership", "person": person, "negated": True}
    return _plain(text, {**membership, "organisation-kind": "political-party"})


def _occupation(draw: _Draw) -> _Sentence:
    """Two facts in one sentence: the second refers to the first by a label."""
    person, name = draw.person(draw.known())
    city, place = draw.place(draw.below(40))
    trade = draw.one(words.TRADES)
    year = 1980 + draw.below(20)
    text = f"عمل {name} في {trade.arabic} منذ عام {year} وأقام لذلك في {place}"
    work: Node = {"id": "_:work", "type": "Occupation", "person": person, "kind": trade.english}
    stay: Node = {"type": "Residence", "resident": f"person/{person}", "place": city}
    return _plain(text, {**work, "start": year}, {**stay, "reason": "_:work"})


def _birth(draw: _Draw) -> _Sentence:
    index = draw.known()
    person, name = draw.person(index)
    city, place = draw.place(index)
    year = 1940 + index % 35
    participants = _participants((f"person/{person}", "subject-of-event"))
    birth: Node = {"type": "Event", "kind": "birth", "time": year, "place": city}
    return _plain(f"ولد {name} في {place} عام {year}", {**birth, "participants": participants})


def _meeting(draw: _Draw) -> _Sentence:
    (one, first), (other, second) = _two_people(draw)
    city, place = draw.place(draw.below(40))
    topic, subject = draw.topic()
    day = draw.one(words.DAYS)
    text = f"التقى {first} يوم {day.arabic} في {place} مع {second} لبحث {subject}"
    meeting: Node = {"type": "Event", "kind": "meeting", "day": day.english, "place": city}
    participants = _participants((f"person/{one}", "attendee"), (f"person/{other}", "attendee"))
    return _plain(text, {**meeting, "topic": topic, "participants": participants})


def _appointment(draw: _Draw) -> _Sentence:
    index = draw.known()
    office, title = draw.office(index)
    person, name = draw.person(draw.known())
    ministry = draw.organisation(8 * draw.below(25))
    appointer = draw.named("organisations", ministry).arabic
    day = f"{2004 + draw.below(16)}-{1 + draw.below(12):02}-{1 + draw.below(28):02}"
    text = f"عينت {appointer} {name} في منصب {title} بتاريخ {day}"
    appointment: Node = {"type": "Event", "kind": "appointment", "time": day, "office": office}
    participants = _participants(
        (f"organisation/{ministry}", "appointer"), (f"person/{person}", "appointee")
    )
    return _plain(text, {**appointment, "participants": participants})


def _departure(draw: _Draw) -> _Sentence:
    person, name = draw.person(draw.known())
    origin = draw.below(40)
    (start, from_), (end, to) = draw.place(origin), draw.place(origin + 1 + draw.below(39))
    year = 1980 + draw.below(35)
    text = f"غادر {name} {from_} إلى {to} عام {year} واستقر هناك"
    participants = _participants((f"person/{person}", "agent"))
    departure: Node = {"id": "_:departure", "type": "Event", "kind": "departure", "time": year}
    stay: Node = {"type": "Residence", "resident": f"person/{person}", "place": end}
    return _plain(
        text,
        {**departure, "from": start, "to": end, "participants": participants},
        {**stay, "after": "_:departure", "start": year},
    )


def _relationship(draw: _Draw) -> _Sentence:
    (one, first), (other, second) = _two_people(draw)
    between: list[Value] = [f"person/{one}", f"person/{other}"]
    relationship: Node = {"type": "Relationship", "kind": "close-relations", "between": between}
    return _plain(f"ترتبط سيرة {first} بعلاقات وثيقة مع {second}", relationship)


def _stance(draw: _Draw) -> _Sentence:
    person, name = draw.person(draw.known())
    topic, subject = draw.topic()
    stance = draw.one(words.STANCES)
    text = f"أبدى {name} {stance.arabic} إزاء {subject}"
    stands: Node = {"type": "Stance", "holder": f"person/{person}", "kind": stance.english}
    return _plain(text, {**stands, "target": f"topic/{topic}"})


def _quotation(draw: _Draw) -> _Sentence:
    """Words in somebody's mouth; every other one asserts how the speaker stands to a thing."""
    (speaker, name), (addressee, other) = _two_people(draw)
    topic, subject = draw.topic()
    day = draw.one(words.DAYS)
    introduction = f"وقال {name} في تغريدة يوم {day.arabic}"
    said = f"{draw.one(words.HOPES)} بشأن {subject} مع {other}"
    statement: Node = {
        "words": said,
        "introduced-by": introduction,
        "said-by": f"person/{speaker}",
        "medium": "tweet",
        "day": day.english,
        "addressee": f"person/{addressee}",
        "topic": topic,
    }
    if draw.below(2):
        stance: Node = {"type": "Stance", "holder": f"person/{speaker}", "kind": "hopes-for"}
        statement["asserts"] = [{**stance, "target": f"topic/{topic}"}]
    return _Sentence(f'{introduction}: "{said}".', statement)


def _two_people(draw: _Draw) -> tuple[tuple[str, str], tuple[str, str]]:
    first = draw.known()
    return draw.person(first), draw.person(first + 1 + draw.below(9))


def _participants(*pairs: tuple[str, str]) -> list[Value]:
    return [{"who": who, "role": role} for who, role in pairs]


_MAKERS: tuple[Callable[[_Draw], _Sentence], ...] = (
    _membership,
    _independence,
    _occupation,
    _birth,
    _meeting,
    _appointment,
    _departure,
    _relationship,
    _stance,
)
