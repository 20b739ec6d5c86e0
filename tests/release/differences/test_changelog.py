"""A changelog of releases as a page and as an Atom feed, read by other software than ours."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree, html
from tests.conftest import create_example

from kgpub.pipeline.workspace import Workspace
from kgpub.release.differences.changelog import Changelog, Entry, content, feed, page
from kgpub.release.differences.comparing import compare
from kgpub.release.differences.report import told

ATOM = {"a": "http://www.w3.org/2005/Atom"}
EDITS = (("start: 2019", "start: 2018"), ("en: Salim Omar}", "en: <i>Salim</i> & Omar}"))


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three states of a workspace."""
    root = tmp_path_factory.mktemp("releases")
    workspace = create_example(root / "workspace")
    facts = workspace / "articles/example/facts.yaml"
    outputs = [root / "1"]
    Workspace(workspace).build(output=outputs[0])
    for number, (old, new) in enumerate(EDITS, 2):
        facts.write_text(facts.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
        outputs.append(root / str(number))
        Workspace(workspace).build(output=outputs[-1])
    return outputs


def changelog(releases: list[Path], work: Path, language: str, limit: int = 20) -> Changelog:
    entries = []
    for number in (2, 1):
        folder = work / str(number)
        folder.mkdir(parents=True)
        differences = compare(releases[number - 1], releases[number], folder)
        version = str(number + 1)
        made = Entry(
            version,
            f"https://example.org/data/dataset/{version}",
            f"2026-11-{10 + number}T00:00:00Z",
            f"{version}/changes.html",
            content(differences, *told(differences, folder, language), limit),
        )
        entries.append(made)
    return Changelog(
        title="Example & \x07 more",
        publisher="Me",
        iri="https://example.org/data/dataset",
        feed="https://example.org/changes.atom",
        page="https://example.org/changes/index.html",
        language=language,
        entries=entries,
    )


@pytest.mark.parametrize("language", ["en", "ar", "ckb"])
def test_the_feed_has_what_rfc_4287_asks_for(
    releases: list[Path], tmp_path: Path, language: str
) -> None:
    """Sections 4.1.1 and 4.1.2: what a feed and an entry must have, and have once."""
    root = etree.fromstring(feed(changelog(releases, tmp_path, language)))
    assert root.tag == "{http://www.w3.org/2005/Atom}feed"
    for element in (root, *root.findall("a:entry", ATOM)):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"a:{name}", ATOM)) == 1, name
        assert element.xpath("count(a:link[@rel='alternate'])", namespaces=ATOM) == 1
    assert root.xpath("string(a:author/a:name)", namespaces=ATOM) == "Me"
    assert root.xpath("a:link[@rel='self']/@href", namespaces=ATOM) == [
        "https://example.org/changes.atom"
    ]
    ids = root.xpath("//a:id/text()", namespaces=ATOM)
    assert len(set(ids)) == len(ids) == 3
    times = root.xpath("//a:updated/text()", namespaces=ATOM)
    assert times == ["2026-11-12T00:00:00Z", "2026-11-12T00:00:00Z", "2026-11-11T00:00:00Z"]
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == language


def test_entries_hold_the_changes_as_html(releases: list[Path], tmp_path: Path) -> None:
    root = etree.fromstring(feed(changelog(releases, tmp_path, "en")))
    latest, first = root.xpath("a:entry/a:content[@type='html']/text()", namespaces=ATOM)
    corrected = html.fragment_fromstring(first.strip())
    assert "2018" in corrected.xpath("string(.//ins)")
    assert corrected.xpath("string(.//blockquote)") == "لسالم عمر الذي تولى المنصب عام 2019"
    renamed = html.fragment_fromstring(latest.strip())
    assert renamed.xpath("//i") == []
    assert "<i>Salim</i> & Omar" in "".join(renamed.itertext())


def test_feedparser_reads_the_feed(releases: list[Path], tmp_path: Path) -> None:
    feedparser = pytest.importorskip("feedparser")
    read = feedparser.parse(feed(changelog(releases, tmp_path, "ar")))
    assert not read.bozo
    assert [each.title for each in read.entries] == ["الإصدار 3", "الإصدار 2"]
    assert read.entries[0].link == "https://example.org/changes/3/changes.html"


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ckb", "rtl")])
def test_the_page_tells_the_latest_first(
    releases: list[Path], tmp_path: Path, language: str, direction: str
) -> None:
    root = html.document_fromstring(page(changelog(releases, tmp_path, language)).decode())
    assert (root.get("lang"), root.get("dir")) == (language, direction)
    assert root.xpath("//h2/@id") == ["3", "2"]
    assert root.xpath("//h2/time/@datetime") == ["2026-11-12", "2026-11-11"]
    assert root.xpath("//main/p/a/@href") == ["3/changes.html", "2/changes.html"]
    assert root.xpath("//script | //i") == []


def test_no_more_is_told_than_is_asked_for(releases: list[Path], tmp_path: Path) -> None:
    made = changelog(releases, tmp_path, "en", limit=1)
    told_one_by_one = [html.fragment_fromstring(each.content) for each in made.entries]
    assert [len(each.findall("ol/li")) for each in told_one_by_one] == [1, 1]
    assert page(made).decode().count("… and ") == 2


def test_the_same_entries_give_the_same_bytes(releases: list[Path], tmp_path: Path) -> None:
    one, other = (changelog(releases, tmp_path / name, "en") for name in ("a", "b"))
    assert feed(one) == feed(other)
    assert page(one) == page(other)
