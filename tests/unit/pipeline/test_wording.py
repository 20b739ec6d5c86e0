"""Whether a text tells what a constraint asks for."""

from __future__ import annotations

import pytest

from kgpub.messages import Message
from kgpub.pipeline.wording import Expected, ways_to_say


@pytest.mark.parametrize(
    ("names", "text", "is_said"),
    [
        (["1"], "Only ONE is allowed.", True),
        (["1"], "Someone is done.", False),
        (["2"], "Give 2.", True),
        (["2"], "Give 12.", False),
        (["date", "string"], "A day or a text.", True),
        (["date", "string"], "A day.", False),
        (["lessThan"], "It is earlier.", True),
        (["a.b*"], "It is a.b*.", True),
        (["a.b*"], "It is axbb.", False),
        ([], "Anything.", False),
    ],
)
def test_each_name_is_said_in_one_way_or_another(
    names: list[str], text: str, is_said: bool
) -> None:
    assert Expected(Message("expected-query"), ways_to_say(names)).is_said_in(text) == is_said
