"""A title in each language of the pages, where the settings have one."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse
from tests.conftest import BASE, Run
from tests.release.history.releases import SETTINGS, put
from tests.unit.settings.test_releasing import settings

from kgpub.errors import WorkspaceError
from kgpub.release.asked import Asked
from kgpub.release.folder import Releases
from kgpub.release.history.keeping import keep
from kgpub.settings.titles import Titles

TITLE = "http://purl.org/dc/terms/title"


def test_the_title_is_everybody_s_where_a_language_has_none(tmp_path: Path) -> None:
    read = settings(tmp_path, 'titles = {ar = "ع"}\n')
    assert [read.titled(each) for each in ("en", "ar", "ckb", "")] == ["T", "ع", "T", "T"]
    read = settings(tmp_path, '[titles]\nen = "E"\nckb = "ک"\n')
    assert [read.titled(each) for each in ("en", "ar", "ckb")] == ["E", "T", "ک"]
    assert settings(tmp_path, "").titles == Titles()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[titles]\nkr = "x"\n', r"toml:6:1: unknown key 'titles\.kr'"),
        ('[titles]\nar = ""\n', r"toml:6:1: titles\.ar: it is empty"),
        ("[titles]\nar = 7\n", r"toml:6:1: titles\.ar: it is no text"),
        ('titles = "x"\n', r"toml:5:1: titles: .+"),
    ],
)
def test_what_is_no_title_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(WorkspaceError, match=told):
        settings(tmp_path, text)


def test_the_data_have_all_titles_each_in_its_language(built: Path, kgpub: Run) -> None:
    with (built / "kgpub.toml").open("a", encoding="utf-8") as file:
        file.write('titles = {ar = "مثال", ckb = "نموونە"}\n')
    assert kgpub("build", cwd=built).returncode == 0
    quads = parse(path=str(built / "output/dataset.nq"), format=RdfFormat.N_QUADS)
    found = {
        (each.object.value, each.object.language)
        for each in quads
        if each.predicate.value == TITLE and each.subject.value == f"{BASE}dataset"
    }
    assert found == {("Example", None), ("مثال", "ar"), ("نموونە", "ckb")}
    assert kgpub("release", "--date", "2026-11-24", cwd=built).returncode == 0


def test_the_event_stream_is_called_in_all_languages(tmp_path: Path) -> None:
    put(tmp_path, "1", [f"<{BASE}a> <{BASE}b> <{BASE}c> <{BASE}g>"])
    titled = SETTINGS.model_copy(update={"titles": Titles(ar="مثال")})
    keep(Releases(tmp_path), titled, Asked())
    quads = parse(path=str(tmp_path / "changes/stream.trig"), format=RdfFormat.TRIG,
                  base_iri="https://host.example/stream.trig")  # fmt: skip
    titles = {q.object.language: q.object.value for q in quads if q.predicate.value == TITLE}
    assert titles == {
        "en": "What has changed: Example & <one>",
        "ar": "ما تغيّر: مثال",
        "ckb": "ئەوەی گۆڕاوە: Example & <one>",
    }
    assert "مثال" in (tmp_path / "changes/feed.ar.atom").read_text(encoding="utf-8")
    assert "Example" in (tmp_path / "changes/feed.ckb.atom").read_text(encoding="utf-8")
