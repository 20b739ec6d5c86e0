"""Releases behind their IRIs, by the command itself: pages, catalogues, and every file."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import feedparser
import pytest
import rdflib
from lxml import html
from playwright.sync_api import sync_playwright
from tests.conftest import REPOSITORY, Run
from tests.service.browser import ARGUMENTS, CHROMIUM
from tests.service.linked_served import seed
from tests.service.served import fetch
from tests.service.whole_served import whole

from kgpub.messages import LANGUAGES

ROOT = "/kgpub/data/release"
BASE = "https://w3id.org/kgpub/data/"
AXE = REPOSITORY / "web/node_modules/axe-core/axe.min.js"
PAGES = (f"{ROOT}/index.{{}}.html", f"{ROOT}/2.{{}}.html")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, kgpub: Run) -> Path:
    """The repository's workspace with a candidate and release 2, and a secret beside them."""
    root = seed(tmp_path_factory.mktemp("releases") / "workspace").root
    for version in ("2-rc1", "2"):
        done = kgpub("release", "--force", "--version", version, cwd=root)
        assert done.returncode == 0, done.stderr
    (root / "releases/secret.txt").write_text("hush", encoding="utf-8")
    (root / "releases/2/unlisted.txt").write_text("hush", encoding="utf-8")
    return root / "releases"


@pytest.fixture(scope="module")
def origin(folder: Path) -> Iterator[str]:
    with whole(folder.parent) as served:
        yield served.origin


@pytest.mark.parametrize(
    ("accept", "language", "target"),
    [
        ("text/html", "ar", "2.ar.html"),
        ("text/html", "ku", "2.ckb.html"),
        ("*/*", "", "2.en.html"),
        ("text/turtle", "ar", "2.ttl"),
        ("application/ld+json", "", "2.jsonld"),
    ],
)
@pytest.mark.parametrize("slash", ["", "/"])
def test_an_iri_leads_to_the_document_that_is_preferred(
    origin: str, accept: str, language: str, target: str, slash: str
) -> None:
    iri = f"{origin}{ROOT}/2{slash}"
    got = fetch(iri, Accept=accept, Accept_Language=language)
    assert got.status == 303
    assert urljoin(iri, got.headers["location"]) == f"{origin}{ROOT}/{target}"
    assert got.headers["vary"].startswith("Accept, Accept-Language")
    assert fetch(f"{origin}{ROOT}/{target}").status == 200


def test_changes_are_where_their_feeds_say(origin: str, folder: Path) -> None:
    for path in ("changes", "changes/"):
        got = fetch(f"{origin}{ROOT}/{path}", Accept_Language="ar")
        assert got.status == 303
        place = urljoin(f"{origin}{ROOT}/{path}", got.headers["location"])
        assert place == f"{origin}{ROOT}/changes/index.ar.html"
    feed = feedparser.parse(fetch(f"{origin}{ROOT}/changes/feed.ar.atom").body)
    own = next(each.href for each in feed.feed.links if each.rel == "self")
    assert own == f"{BASE}release/changes/feed.ar.atom"
    for each in sorted((folder / "changes").rglob("*")):
        if each.is_file():
            name = each.relative_to(folder).as_posix()
            got = fetch(f"{origin}{ROOT}/{name}")
            assert (got.status, got.body) == (200, each.read_bytes()), name
            again = fetch(f"{origin}{ROOT}/{name}", If_None_Match=got.headers["etag"])
            assert again.status == 304, name
    for name in ("changes/none", "changes/../secret.txt", "changes/%2e%2e/secret.txt", "changes/2"):
        assert fetch(f"{origin}{ROOT}/{name}").status == 404, name


def test_the_changelog_is_shown_as_it_was_written(origin: str) -> None:
    """Its own style is allowed, and nothing else."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page()
        told: list[str] = []
        page.on("console", lambda message: told.append(message.text))
        page.goto(f"{origin}{ROOT}/changes/index.ar.html")
        assert page.evaluate("getComputedStyle(document.querySelector('h1')).fontSize") == "22.4px"
        assert told == []
        browser.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_leads_to_changelog_feed_and_stream(origin: str, language: str) -> None:
    address = f"{origin}{ROOT}/index.{language}.html"
    listed = html.document_fromstring(fetch(address).body.decode())
    listed.make_links_absolute(address)
    links = listed.xpath("//main/section//a/@href")
    names = (f"index.{language}.html", f"feed.{language}.atom", "stream.trig")
    assert links == [f"{origin}{ROOT}/changes/{name}" for name in names]
    assert {fetch(each).status for each in links} == {200}
    assert listed.xpath("//head/link[@type='application/atom+xml']/@href") == [links[1]]


def test_without_changes_nothing_leads_there(folder: Path) -> None:
    root = folder.parent.with_name("untold")
    shutil.copytree(folder.parent, root, ignore=shutil.ignore_patterns("changes"))
    with whole(root) as served:
        listed = html.document_fromstring(fetch(f"{served.origin}{ROOT}/index.en.html").body)
        assert len(listed.xpath("//main/ul/li")) == 2
        assert not listed.xpath("//main/section") and not listed.xpath("//link[@type]")


@pytest.mark.parametrize("path", ["", "/", "/index.html"])
def test_the_iri_of_all_leads_to_their_list(origin: str, path: str) -> None:
    iri = f"{origin}{ROOT}{path}"
    got = fetch(iri, Accept="text/html", Accept_Language="ar")
    assert got.status == 303
    assert urljoin(iri, got.headers["location"]) == f"{origin}{ROOT}/index.ar.html"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_download_of_the_pages_is_what_its_checksum_says(
    origin: str, folder: Path, language: str
) -> None:
    home = html.document_fromstring(fetch(f"{origin}/index.{language}.html").body.decode())
    home.make_links_absolute(f"{origin}/")
    address = f"{origin}{ROOT}/index.{language}.html"
    assert address in home.xpath("//main//a/@href")
    listed = html.document_fromstring(fetch(address).body.decode())
    listed.make_links_absolute(address)
    pages = listed.xpath("//main/ul//a/@href")
    assert pages == [f"{origin}{ROOT}/{each}.{language}.html" for each in ("2", "2-rc1")]
    page = html.document_fromstring(fetch(pages[0]).body.decode())
    page.make_links_absolute(pages[0])
    assert page.xpath("//main//dd//a/@href") == [pages[1]]
    items = page.xpath("//main//section//li")
    names = [each.xpath(".//a")[0].text for each in items]
    assert {"dataset.nq", "dataset.ttl.zst", "tables/people.csv", "SHA256SUMS"} <= set(names)
    for each, name in zip(items, names, strict=True):
        got = fetch(each.xpath(".//a/@href")[0])
        assert got.status == 200, name
        assert got.body == (folder / "2" / name).read_bytes()
        told = each.xpath(".//code/text()")
        assert name == "SHA256SUMS" or told == [hashlib.sha256(got.body).hexdigest()]
        assert "html" not in got.headers["content-type"]
        assert "sandbox" in got.headers["content-security-policy"]


def test_all_files_can_be_fetched_and_checked(origin: str, folder: Path, tmp_path: Path) -> None:
    sums = fetch(f"{origin}{ROOT}/2/SHA256SUMS").body
    (tmp_path / "SHA256SUMS").write_bytes(sums)
    for line in sums.decode().splitlines():
        name = line.split("  ")[1]
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(fetch(f"{origin}{ROOT}/2/{name}").body)
    command = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
    subprocess.run(command, cwd=tmp_path, check=True)


def test_what_the_catalogue_gives_as_addresses_is_there(origin: str) -> None:
    """Where nothing else was said, they are below the IRI of the release."""
    turtle = fetch(f"{origin}{ROOT}/2.ttl").body
    catalogue = rdflib.Graph().parse(data=turtle, format="turtle")
    release = rdflib.URIRef(f"{BASE}release/2")
    assert (release, rdflib.RDF.type, rdflib.DCAT.Dataset) in catalogue
    files = list(catalogue.subject_objects(rdflib.DCAT.downloadURL))
    assert len(files) > 20
    for file, url in files:
        got = fetch(str(url).replace("https://w3id.org", origin), method="HEAD")
        assert got.status == 200
        assert got.headers["content-length"] == str(catalogue.value(file, rdflib.DCAT.byteSize))


def test_a_part_of_a_file_and_one_that_is_there_already(origin: str, folder: Path) -> None:
    address = f"{origin}{ROOT}/2/dataset.nq"
    part = fetch(address, Range="bytes=10-19")
    assert (part.status, part.body) == (206, (folder / "2/dataset.nq").read_bytes()[10:20])
    again = fetch(address, If_None_Match=part.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    page = f"{origin}{ROOT}/2.en.html"
    tag = fetch(page).headers["etag"]
    assert fetch(page, If_None_Match=tag).status == 304


@pytest.mark.parametrize(
    "path",
    [
        "/3",
        "/3/dataset.nq",
        "/3.ttl",
        "/3.en.html",
        "/2.nt",
        "/index.ttl",
        "/2/none.txt",
        "/2/unlisted.txt",
        "/secret.txt",
        "/.kgpub-lock",
        "/2/..%2f..%2fkgpub.toml",
        "/2/../secret.txt",
        "/2/..%2fsecret.txt",
        "/..%2fkgpub.toml",
        "/2/%00",
        "/2/dataset.nq/",
        "/2//dataset.nq",
        "/2/graphs",
        "/2%7F",
        "/%ff",
    ],
)
def test_nothing_else_is_served(origin: str, path: str) -> None:
    got = fetch(f"{origin}{ROOT}{path}")
    assert got.status in (400, 404)
    assert b"hush" not in got.body
    shown = fetch(f"{origin}{ROOT}{path}", Accept="text/html")
    assert shown.status in (400, 404)


def test_a_link_out_of_a_release_is_not_followed(folder: Path) -> None:
    root = folder.parent.with_name("linked")
    shutil.copytree(folder.parent, root)
    secret = root / "secret.trig"
    secret.write_text("hush", encoding="utf-8")
    place = root / "releases/2"
    (place / "report.txt").unlink()
    (place / "report.txt").symlink_to(secret)
    shutil.rmtree(place / "tables")
    (root / "elsewhere").mkdir()
    (root / "elsewhere/people.csv").write_text("hush", encoding="utf-8")
    (place / "tables").symlink_to(root / "elsewhere")
    with whole(root) as served:
        for name in ("report.txt", "tables/people.csv"):
            assert fetch(f"{served.origin}{ROOT}/2/{name}").status == 404
        page = fetch(f"{served.origin}{ROOT}/2.en.html")
        assert page.status == 200 and ">report.txt<" not in page.body.decode()


def test_a_release_that_is_made_meanwhile_is_there_at_once(
    origin: str, folder: Path, kgpub: Run
) -> None:
    root = folder.parent.with_name("growing")
    shutil.copytree(folder.parent, root, ignore=shutil.ignore_patterns("releases"))
    with whole(root) as served:
        assert "no releases yet" in fetch(f"{served.origin}{ROOT}/index.en.html").body.decode()
        assert fetch(f"{served.origin}{ROOT}/1").status == 404
        assert kgpub("release", cwd=root).returncode == 0
        assert fetch(f"{served.origin}{ROOT}/1").status == 303
        listed = html.document_fromstring(fetch(f"{served.origin}{ROOT}/index.en.html").body)
        assert listed.xpath("//main/ul//a/@href") == ["./1.en.html"]


@pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not installed")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_shut_nobody_out_and_fit_narrow_screens(origin: str, language: str) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: cd web && npm ci")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        narrow = {"width": 320, "height": 640}
        shown = browser.new_context(bypass_csp=True, viewport=narrow).new_page()
        for page in PAGES:
            shown.goto(origin + page.format(language))
            assert shown.evaluate("document.documentElement.scrollWidth") <= 320
            shown.evaluate(AXE.read_text(encoding="utf-8"))
            found = shown.evaluate("axe.run(document, {resultTypes: ['violations']})")
            assert [each["id"] for each in found["violations"]] == []
        browser.close()
