from __future__ import annotations

from kgpub.service.linked_data.answers import Sent
from kgpub.service.linked_data.kept import Kept, Key

MOST = 100_000


def key(address: str, version: str = "1") -> Key:
    return Key(version, address, "")


def document(size: int) -> Sent:
    return Sent(bytes(size), "text/turtle", '"tag"', "", "")


def test_what_was_asked_for_longest_ago_is_forgotten_first() -> None:
    kept = Kept(MOST)
    one, two, three = (document(40_000) for _ in range(3))
    kept.put(key("one"), one)
    kept.put(key("two"), two)
    assert kept.get(key("one")) is one
    kept.put(key("three"), three)
    assert kept.get(key("two")) is None
    assert (kept.get(key("one")), kept.get(key("three"))) == (one, three)
    assert kept.get(key("one", "2")) is None


def test_many_small_and_too_large_documents_are_bounded() -> None:
    kept = Kept(MOST)
    for number in range(10_000):
        kept.put(key(str(number)), document(0))
    assert sum(kept.get(key(str(number))) is not None for number in range(10_000)) <= 100
    kept.put(key("large"), document(MOST + 1))
    assert kept.get(key("large")) is None
    last = document(1)
    kept.put(key("after"), last)
    assert kept.get(key("after")) is last


def test_a_document_in_the_place_of_another_counts_once() -> None:
    kept = Kept(MOST)
    kept.put(key("other"), document(10_000))
    for _ in range(50):
        kept.put(key("one"), document(40_000))
    assert kept.get(key("other")) is not None
