"""Ids that are none hide no more than what refers by them, and what is advised is an id."""

from __future__ import annotations

import pytest

from kgpub.model.slug import MAX_SLUG, is_slug, suggested_slug

from .submissions import WORDS, submit

START = f"article: news\nstatements:\n- words: {WORDS[0]}\n  asserts:\n"
HELD = "type: Tenure, person: a, office: b"


def _marked(*facts: str) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return where something is told of these facts, and where the marks ⌖ in them stand."""
    lines = (START + "".join(f"  - {{{fact}}}\n" for fact in facts)).splitlines()
    marks = [
        (number, len("⌖".join(parts[:last]).replace("⌖", "")) + 1)
        for number, parts in enumerate((line.split("⌖") for line in lines), 1)
        for last in range(1, len(parts))
    ]
    problems = submit("\n".join(lines).replace("⌖", "")).problems
    return sorted((each.place.line or 0, each.place.column or 0) for each in problems), marks


@pytest.mark.parametrize(
    "facts",
    [
        # What is under a key that stands twice is no id.
        (
            'type: Event, kind: election, ⌖kind: "x y", '
            'participants: [{who: person/a, role: ⌖"x y"}]',
        ),
        (f"{HELD}, start: ⌖2019-13, ⌖start: 2019-13",),
        (f'{HELD}, start: 2019, ⌖start: "x y", reason: ⌖"x y"',),
        # Nothing but what can refer to a fact or an event refers by an id.
        (f"{HELD}, id: ⌖yesterday, start: ⌖yesterday",),
        ('type: Tenure, office: b, id: ⌖"x y", person: ⌖"x y"',),
        ('type: Event, kind: ⌖"x y", id: ⌖"x y"',),
        # What has an id only refers by it, also where it has it twice.
        ('id: ⌖"x y", ⌖id: "x y"',),
        # An id that is none is told once, wherever there are references by it.
        (f'{HELD}, id: ⌖"x y"', f'{HELD}, reason: "x y", after: ["x y"], about: "x y"'),
        (f'{HELD}, "@id": ⌖"x y"', f'{HELD}, reason: "x y"', 'id: "x y"'),
        # What another id was given for is no reference by it.
        (f'{HELD}, id: ⌖"x y"', f'{HELD}, reason: ⌖"y x"'),
    ],
)
def test_an_error_is_told_though_the_same_stands_elsewhere(facts: tuple[str, ...]) -> None:
    told, marks = _marked(*facts)
    assert told == marks
    assert marks


def test_what_refers_to_the_second_of_two_ids_is_not_told_besides() -> None:
    told, marks = _marked(f"{HELD}, id: _:x, ⌖id: _:y", f"{HELD}, reason: _:y")
    assert told == marks


@pytest.mark.parametrize("before", range(MAX_SLUG - 3, MAX_SLUG + 4))
@pytest.mark.parametrize("between", [" ", " - ", "-", "__"])
def test_what_is_advised_in_place_of_a_long_slug_is_one(before: int, between: str) -> None:
    text = "a" * before + between + "b"
    assert is_slug(suggested_slug(text))
    if is_slug(text):
        return
    event = f'type: Event, kind: election, id: "event/{text}"'
    (problem,) = submit(f"{START}  - {{{event}}}\n").problems
    advised = str(problem.remedy).removeprefix("Write ").removesuffix(".")
    mended = event.replace(f"event/{text}", advised)
    assert submit(f"{START}  - {{{mended}}}\n").problems == ()
