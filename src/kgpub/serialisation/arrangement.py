"""Sorted quads in the order in which a person reads, in memory that does not grow with them.

What `Order.positions` finds for descriptions in memory is found here for lines: first what the
place of each subject hangs on is read from its lines; then numbers are put in order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, TypeAlias, TypeVar

from kgpub.serialisation.order import Order, natural
from kgpub.serialisation.room import OFTEN, Log, Room
from kgpub.serialisation.sorting import Sorting
from kgpub.serialisation.subject_lines import TYPE, Said, Subjects

_T = TypeVar("_T")
_UNLISTED, _FOLLOWING = 1, 2
"""Marks of subjects: of no class of the order; referred to by what they follow."""
_KEY_BYTES = 2**24
"""Of keys that are held in memory to be sorted."""
_DIGITS = 15
"""Digits of a subject's number at the end of its key."""
_MAX_KEPT = 10_000
"""Sets of predicates of which it is kept where those that matter stand."""
_Wanted: TypeAlias = tuple[int, list[int], list[int]]
_APART = "\0"
"""What stands between the parts of a key: before all that an IRI may hold."""


class Arrangement:
    """The order of the subjects of sorted lines: iterated over, it gives their numbers.

    What it keeps lies in `room`, and what it sorts in `folder` where that is much. Raises OSError.
    """

    def __init__(self, subjects: Subjects, order: Order, room: Room, folder: Path) -> None:
        self._subjects = subjects
        self._room = room
        self._reading = _Reading(order)
        self._marks = room.numbers(subjects.most)
        self._register = room.register(subjects.most)
        self._sequence = room.numbers(subjects.most)
        # In these all are one more than what they stand for: nothing is zero.
        self._first = room.numbers(subjects.most)
        self._parents = room.numbers(subjects.most)
        self._positions = room.numbers(subjects.most)
        self._placed = 0
        references, keys = room.log(), Sorting(folder, "keys", _KEY_BYTES)
        self._count, referred = self._read(references, keys)
        self._followers = room.numbers(referred)
        self._refer(references)
        keys.add(self._keys(_UNLISTED))
        self._place(keys)
        # Followers that refer to each other in a circle are reached from no first subject.
        circles = Sorting(folder, "circles", _KEY_BYTES)
        circles.add(self._keys(_UNLISTED | _FOLLOWING))
        self._place(circles)

    def __iter__(self) -> Iterator[int]:
        for place in self._steps(range(self._count)):
            yield self._sequence[place]

    def position(self, term: str) -> int:
        """Return the position of a subject, as N-Quads writes it; of other terms, the last."""
        number = self._register.find(term)
        return self._count if number < 0 else self._positions[number] - 1

    def _read(self, references: Log, keys: Sorting) -> tuple[int, int]:
        """Read all lines; return how many subjects there are, and numbers to keep followers."""
        number, kept = -1, 0
        for number, said in enumerate(self._subjects):
            self._register.add(said.subject)
            found = self._reading.read(said)
            if found.rank < self._reading.unlisted:
                keys.add([found.key(said.subject, number)])
            else:
                self._marks[number] = _UNLISTED
            if found.followed:
                references.write(f"{number} {' '.join(found.followed)}\n".encode())
                kept += len(found.followed) + 1
        return number + 1, kept

    def _refer(self, references: Log) -> None:
        """Keep the followers of each subject: numbers behind each other, and a zero."""
        at = 0
        for line in self._steps(references):
            number, *terms = line.decode().split(" ")
            referring = int(number)
            self._first[referring] = at + 1
            for term in terms:
                follower = self._register.find(term.rstrip("\n"))
                if follower < 0 or follower == referring or not self._marks[follower] & _UNLISTED:
                    continue
                self._marks[follower] |= _FOLLOWING
                self._followers[at] = follower + 1
                at += 1
            at += 1

    def _keys(self, marks: int) -> Iterator[bytes]:
        """Yield the keys of the subjects with these marks that have no place yet."""
        for number in self._steps(range(self._count)):
            if self._marks[number] == marks and not self._positions[number]:
                said = self._subjects[number]
                yield self._reading.read(said).key(said.subject, number)

    def _place(self, keys: Sorting) -> None:
        """Give the next places to the subjects of sorted keys, each with what follows it."""
        for key in self._steps(keys.sorted()):
            number = int(key[-_DIGITS - 1 :])
            if not self._positions[number]:
                self._next(number)
                if self._first[number]:
                    self._follow(number)

    def _follow(self, number: int) -> None:
        """Give the next places to followers, and theirs before the next; however deep they are.

        Where to go on among the followers of a subject is kept in the place of the first, and
        from which subject it was reached beside it: a stack would grow with the depth.
        """
        first, node, parent = self._first, number, 0
        self._parents[number] = 0
        while True:
            at = first[node]
            if at and (follower := self._followers[at - 1]):
                first[node] = at + 1
                if not self._positions[follower - 1]:
                    self._next(follower - 1)
                    if first[follower - 1]:
                        self._parents[follower - 1] = node + 1
                        node = follower - 1
            elif parent := self._parents[node]:
                node = parent - 1
            else:
                return

    def _next(self, number: int) -> None:
        self._sequence[self._placed] = number
        self._placed += 1
        self._positions[number] = self._placed

    def _steps(self, steps: Iterable[_T]) -> Iterator[_T]:
        """Yield what is given, and have the room forget now and then."""
        for number, step in enumerate(steps):
            if not number % OFTEN:
                self._room.forget()
            yield step


class _Found(NamedTuple):
    """What the place of a subject hangs on; `followed` are the terms that it refers to so."""

    rank: int
    place: str
    followed: list[str]

    def key(self, subject: str, number: int) -> bytes:
        """Return the line that stands among others where the subject does, with its number."""
        parts = f"{self.rank:06}{self.place}", _natural(subject), f"{number:0{_DIGITS}}"
        return f"{_APART.join(parts)}\n".encode()


class _Reading:
    """Reads what an order wants to know of subjects."""

    def __init__(self, order: Order) -> None:
        self.unlisted = len(order.classes)
        self._ranks = {_term(each): rank for rank, each in enumerate(order.classes)}
        self._sorted_by = list(map(_term, order.sorted_by))
        self._followed = list(map(_term, order.followed))
        self._wanted_of: dict[tuple[str, ...], _Wanted] = {}

    def read(self, said: Said) -> _Found:
        """Read what is said of a subject; only IRIs have a say."""
        wanted = self._wanted_of.get(said.predicates)
        if wanted is None:
            wanted = self._which(said.predicates)
        type_, sorted_by, followed = wanted
        rank = self.unlisted
        if type_ >= 0:
            rank = min([self._ranks.get(each, rank) for each in said.of(type_)])
        place = _APART
        for each in sorted_by:
            if iris := _iris(said.of(each)):
                place = min(map(_natural, iris))
                break
        terms: list[str] = []
        for each in followed:
            iris = _iris(said.of(each))
            terms += sorted(iris, key=_natural) if len(iris) > 1 else iris
        return _Found(rank, place, terms)

    def _which(self, predicates: tuple[str, ...]) -> _Wanted:
        """Return where the predicates stand that are wanted: -1 or nothing where they do not."""
        places = {predicate: number for number, predicate in enumerate(predicates)}
        wanted = (
            places.get(TYPE, -1),
            [places[each] for each in self._sorted_by if each in places],
            [places[each] for each in self._followed if each in places],
        )
        if len(self._wanted_of) == _MAX_KEPT:
            self._wanted_of.clear()
        self._wanted_of[predicates] = wanted
        return wanted


def _iris(terms: list[str]) -> list[str]:
    return [each for each in terms if each[0] == "<"]


def _natural(term: str) -> str:
    """Return `natural` of an IRI as one text, which compares as the pair does."""
    return _APART.join(natural(term[1:-1]))


def _term(iri: str) -> str:
    return f"<{iri}>"
