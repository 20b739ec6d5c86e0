from __future__ import annotations

import pytest
from lxml import html
from tests.unit.pages.graphs import SITE

from kgpub.pages.rendering import Frame
from kgpub.pages.when import when

ENGLISH, ARABIC = (Frame(SITE, language, "x") for language in ("en", "ar"))


@pytest.mark.parametrize("edtf", ["2006", "1985-04", "2019-05-02"])
def test_dates_are_times_to_machines(edtf: str) -> None:
    time = html.fragment_fromstring(when(ENGLISH, edtf))
    assert (time.tag, time.get("datetime"), time.text) == ("time", edtf, edtf)


@pytest.mark.parametrize(
    ("edtf", "english", "arabic"),
    [
        ("2003/..", "2003 or later", "2003 أو بعد ذلك"),
        ("../2003-04", "2003-04 or earlier", "2003-04 أو قبل ذلك"),
        ("2003/2005", "2003 to 2005", "2003 إلى 2005"),
    ],
)
def test_intervals_are_said_in_words(edtf: str, english: str, arabic: str) -> None:
    found = [html.fragment_fromstring(f"<p>{when(frame, edtf)}</p>") for frame in (ENGLISH, ARABIC)]
    assert [each.text_content() for each in found] == [english, arabic]


@pytest.mark.parametrize("edtf", ["2006~", "198X", "2003?/2005", "<script>", "2003/../x"])
def test_other_times_stand_as_they_are(edtf: str) -> None:
    shown = html.fragment_fromstring(when(ENGLISH, edtf))
    assert (shown.tag, shown.get("dir"), shown.text_content()) == ("bdi", "ltr", edtf)
