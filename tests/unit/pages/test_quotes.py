from __future__ import annotations

from tests.unit.pages.graphs import BASE, view

from kgpub.pages.passages import Excerpt
from kgpub.pages.quotes import MAX_WORDS, in_order, position, quote, quotes

TEXT = 'العنوان\\nقال سالم: \\"أنا هنا\\" أمس. ثم ذهب.'
WORDS = "أنا هنا"


def graph(start: int = 19, words: str = WORDS) -> str:
    return f"""
article:a a kg:Article ; kg:title "العنوان"@ar ; kg:text "{TEXT}"@ar .
person:salim a kg:Person ; kg:name "Salim"@en .
statement:s a kg:Quotation ; kg:words "{words}"@ar ; kg:saidBy person:salim ;
    kg:medium kind:tweet ; kg:article article:a ;
    kg:passage <{BASE}article/a/article.txt#char=1> ; kg:asserts fact:f .
<{BASE}article/a/article.txt#char=1> oa:start {start} ; oa:end {start + len(words)} .
statement:first a kg:Statement ; kg:words "العنوان"@ar ; kg:article article:a ;
    kg:passage <{BASE}article/a/article.txt#char=2> ; kg:asserts fact:f .
<{BASE}article/a/article.txt#char=2> oa:start 0 ; oa:end 7 .
statement:a-silent a kg:Statement ; kg:asserts fact:f .
"""


def test_words_stand_in_their_sentence() -> None:
    found = quote(view(graph()), BASE + "statement/s")
    assert found is not None
    assert found.excerpt == Excerpt('قال سالم: "', WORDS, '" أمس.')
    assert found.language == "ar" and found.quoted
    assert [each.text.text for each in found.said_by] == ["Salim"]
    assert [each.text for each in found.media] == ["tweet"]


def test_words_lead_to_their_passage_and_to_their_own_page() -> None:
    found = quote(view(graph()), BASE + "statement/s")
    assert found is not None
    assert found.where == "../article/a.en.html#statement-s"
    assert found.statement == "../statement/s.en.html"


def test_words_that_do_not_stand_there_are_shown_alone() -> None:
    for wrong in (graph(start=18), graph(start=900), graph(words="أنا هناك")):
        found = quote(view(wrong), BASE + "statement/s")
        assert found is not None and found.excerpt.before == found.excerpt.after == ""


def test_long_words_are_cut() -> None:
    found = quote(view(graph(words="x" * (MAX_WORDS + 1))), BASE + "statement/s")
    assert found is not None
    assert found.excerpt == Excerpt("", "x" * MAX_WORDS, "", cut_after=True)


def test_statements_are_in_the_order_of_the_article() -> None:
    shown = view(graph())
    found, more = quotes(shown, BASE + "fact/f", 3)
    assert [each.iri.rpartition("/")[2] for each in found] == ["first", "s"] and not more
    found, more = quotes(shown, BASE + "fact/f", 2)
    assert [each.iri.rpartition("/")[2] for each in found] == ["first"] and more == 1
    assert in_order(shown, [BASE + "statement/s", BASE + "statement/first"])[0].endswith("first")


def test_offsets_that_are_none_are_none() -> None:
    hostile = f"""statement:s kg:passage <{BASE}p>, <{BASE}q> .
    <{BASE}p> oa:start "-1" ; oa:end "x" .
    <{BASE}q> oa:start "{"9" * 5000}" ; oa:end 3 ."""
    assert position(view(hostile), BASE + "statement/s") is None
    assert quote(view(hostile), BASE + "statement/s") is None
