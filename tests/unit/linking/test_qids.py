"""QIDs as people write them."""

import pytest

from kgpub.linking.qids import qid_of


@pytest.mark.parametrize(
    "written",
    [
        "Q796",
        "q796",
        " Q796\n",
        "wd:Q796",
        "http://www.wikidata.org/entity/Q796",
        "https://www.wikidata.org/entity/q796",
        "https://www.wikidata.org/wiki/Q796",
        "https://m.wikidata.org/wiki/Q796",
        "https://www.wikidata.org/wiki/Special:EntityPage/Q796",
        "<http://www.wikidata.org/entity/Q796>",
    ],
)
def test_forms_of_one_qid(written: str) -> None:
    assert qid_of(written) == "Q796"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "Q",
        "Q0",
        "Q00796",
        "Q99999999999",
        "Q2147483648",
        "Q-1",
        "Q7.5",
        "Q٧٩٦",
        "796",
        "P31",
        "http://www.wikidata.org/entity/P31",
        "https://www.wikidata.org/wiki/Property:P31",
        "L7",
        "Q796-S1",
        "https://example.org/wiki/Q796",
        "https://www.wikidata.org/wiki/Talk:Q796",
        "Q796 Q1530",
        "Q" + "9" * 10_000,
    ],
)
def test_anything_else_is_none(written: str) -> None:
    assert qid_of(written) is None


def test_the_largest() -> None:
    assert qid_of("Q2147483647") == "Q2147483647"
