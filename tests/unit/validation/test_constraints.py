"""Placeholders in messages."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode

from kgpub.validation.constraints import fill


def test_lexical_forms_iris_and_labels_stand_for_terms() -> None:
    template = Literal("{?a} {$b} {?c} {?d} {e} {? a} {?a", language="ar")
    filled = fill(
        template,
        {
            "a": Literal("x", language="en"),
            "b": NamedNode("http://example.org/b"),
            "c": BlankNode("c"),
        },
    )
    assert filled == Literal("x http://example.org/b c {?d} {e} {? a} {?a", language="ar")


pieces = st.sampled_from(["{?a}", "{$b}", "{", "}", "\\1", "\\", "a", "؟", "\\g<0>", "{?none}"])
texts = st.lists(pieces, max_size=6).map("".join)


@given(texts, texts, texts)
def test_values_are_put_in_as_they_are(template: str, a: str, b: str) -> None:
    filled = fill(Literal(template), {"a": Literal(a), "b": Literal(b)})
    # Taken apart at the placeholders, the template has what is left and values between.
    parts = re.split(r"(\{[?$][ab]\})", template)
    expected = "".join({"{?a}": a, "{$b}": b, "{$a}": a, "{?b}": b}.get(p, p) for p in parts)
    assert filled.value == expected
