"""The site of the repository's own workspace, beside what the service answers."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from lxml import html
from pyoxigraph import NamedNode, Quad
from rdflib import Dataset, Graph, URIRef
from rdflib.namespace import RDF
from tests.conftest import REPOSITORY, Run, create_example
from tests.service.linked_served import linked, seed
from tests.service.served import fetch
from tests.site.sites import broken, content, of_odd_quads, parsed, references, written

from kgpub import Workspace
from kgpub.messages import LANGUAGES
from kgpub.pages.policy import PAGE_POLICY
from kgpub.site.address import PublicAddress
from kgpub.site.making import Asked
from kgpub.vocabulary import terms as kg

BASE = "https://w3id.org/kgpub/data/"
ROOT = "kgpub/data/"
PERSON = f"{ROOT}person/mustafa-al-kadhimi"
ARTICLE = f"{ROOT}article/al-kadhimi-and-kurdistan"
POLICY = re.compile(rb'<meta http-equiv="Content-Security-Policy" content="[^"]*">\n')

_MORE = """article: example
people:
  somebody-else: {name: {en: Somebody Else}}
statements:
  - words: لسالم عمر الذي تولى المنصب عام 2019
    asserts:
      - {type: Tenure, person: somebody-else, office: mayor-of-al-waha, start: 2019}
"""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    made = seed(tmp_path_factory.mktemp("site") / "workspace")
    written(made)
    return made


@pytest.fixture(scope="module")
def site(workspace: Workspace) -> Path:
    return workspace.root / "site"


@pytest.fixture(scope="module")
def origin(workspace: Workspace) -> Iterator[str]:
    with linked(workspace) as address:
        yield address


@pytest.fixture(scope="module")
def described(workspace: Workspace) -> set[str]:
    """What the dataset describes, as rdflib reads it."""
    dataset = Dataset()
    dataset.parse(workspace.root / "output/dataset.nq", format="nquads")
    subjects = {str(quad[0]) for quad in dataset.quads()}
    return {each for each in subjects if each.startswith(BASE) and "#" not in each}


def test_everything_described_has_pages_in_three_languages_and_data_in_three_forms(
    site: Path, described: set[str]
) -> None:
    assert len(described) > 150
    for iri in described:
        for ending in (".en.html", ".ar.html", ".ckb.html", ".ttl", ".jsonld", ".nt"):
            assert (site / f"{ROOT}{iri.removeprefix(BASE)}{ending}").is_file(), (iri, ending)


def test_data_and_texts_are_those_of_the_service_byte_for_byte(site: Path, origin: str) -> None:
    paths = [path for path in content(site) if re.search(r"\.(ttl|jsonld|nt)$|article\.txt$", path)]
    served = [path for path in paths if not path.startswith(("dumps/", "assets/"))]
    assert len(served) > 500 and f"{ARTICLE}/article.txt" in served
    for path in served:
        got = fetch(f"{origin}/{quote(path)}")
        assert (got.status, got.body) == (200, (site / path).read_bytes()), path


def test_pages_are_those_of_the_service_but_for_what_takes_a_server(
    site: Path, origin: str
) -> None:
    """Search and queries have addresses of their own, and the policy stands in the page."""
    pages = [path for path in content(site) if path.startswith(ROOT) and path.endswith(".html")]
    assert len(pages) > 500
    for path in pages:
        told = POLICY.sub(b"", (site / path).read_bytes())
        for language in (each.encode() for each in LANGUAGES):
            told = re.sub(rb"search\.%b\.html" % language, b"search?lang=%b" % language, told)
            told = re.sub(
                rb"query\.%b\.html(\?query=)?" % language,
                lambda found, tag=language: (  # type: ignore[misc]
                    b"query?lang=%b%b" % (tag, b"&amp;query=" if found[1] else b"")
                ),
                told,
            )
        served = fetch(f"{origin}/{quote(path)}").body
        served = re.sub(
            rb'<li><a href="[./]*(?:sparql|[^"]*/release/index\.\w+\.html)">[^\n]*\n', b"", served
        )
        assert told == served, path


def test_all_references_are_relative_and_lead_to_something(site: Path) -> None:
    assert broken(site) == []
    for path in site.rglob("*.html"):
        for each in references(parsed(site, path.relative_to(site).as_posix())):
            is_outward = each.startswith(("https://", "http://", "data:,"))
            assert is_outward or each.startswith(("./", "../", "#")), (path, each)


def test_pages_load_nothing_from_elsewhere_and_run_nothing_of_their_own(site: Path) -> None:
    for path in site.rglob("*.html"):
        page = html.document_fromstring(path.read_bytes())
        [policy] = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        if not path.name.startswith(("search.", "query.")):
            assert policy == PAGE_POLICY
        assert "unsafe-inline" not in policy and "http" not in policy and "'none'" in policy
        assert not page.xpath("//@style") and not page.xpath("//@*[starts-with(name(), 'on')]")
        assert not page.xpath("//script[not(@src)][not(starts-with(@type, 'application/'))]")
        loaded = page.xpath("//script/@src|//img/@src|//link[@rel='stylesheet']/@href")
        assert all(each.startswith(("./", "../")) for each in loaded), path


def test_each_class_has_a_list_and_the_home_page_leads_there(
    site: Path, workspace: Workspace
) -> None:
    graph = Graph().parse(workspace.root / "output/dataset.ttl")
    person = URIRef("https://w3id.org/kgpub/ontology#Person")
    people = {str(each) for each in graph.subjects(RDF.type, person)}
    for language in LANGUAGES:
        listed = parsed(site, f"{ROOT}person/index.{language}.html").xpath("//main/ul//a/@href")
        assert {each.removeprefix("./").split(".")[0] for each in listed} == {
            each.rpartition("/")[2] for each in people
        }
        home = parsed(site, f"index.{language}.html")
        assert f"./{ROOT}person/index.{language}.html" in home.xpath("//main//a/@href")


def test_the_ontology_has_definitions_in_three_languages_and_a_diagram(site: Path) -> None:
    for language in LANGUAGES:
        page = parsed(site, f"ontology.{language}.html")
        assert page.get_element_by_id("Tenure").getnext().xpath("./bdi/@lang") == [language]
        assert len(page.xpath("//*[local-name()='svg']//*[local-name()='a']")) > 20
    assert (site / "ontology.ttl").read_bytes() == (REPOSITORY / "ontology/kgpub.ttl").read_bytes()


def test_downloads_are_there_with_their_sizes_and_checksums(
    site: Path, workspace: Workspace
) -> None:
    items = parsed(site, "index.en.html").xpath("//main//li[a[starts-with(@href, './dumps/')]]")
    assert len(items) > 5
    for item in items:
        path = item.xpath("./a/@href")[0].removeprefix("./")
        got = (site / path).read_bytes()
        assert got == (workspace.root / "output" / path.removeprefix("dumps/")).read_bytes()
        told = item.text_content().split()
        if not path.endswith("SHA256SUMS"):
            assert told[-2:] == ["SHA-256", hashlib.sha256(got).hexdigest()]
            size = int(told[1])
            assert size == (len(got) if told[2] == "B" else round(len(got) / 1024))


def test_the_checksums_of_all_files_are_right(site: Path) -> None:
    done = subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=site)
    assert done.returncode == 0
    listed = {line.split("  ", 1)[1] for line in (site / "SHA256SUMS").read_text().splitlines()}
    assert listed | {"SHA256SUMS"} == content(site).keys()


def test_the_entrance_leads_to_all_languages(site: Path) -> None:
    links = parsed(site, "index.html").xpath("//main//a")
    assert {each.get("hreflang"): each.get("href") for each in links} == {
        language: f"./index.{language}.html" for language in LANGUAGES
    }


def test_what_is_known_to_be_elsewhere_is_told_to_search_engines(
    workspace: Workspace, tmp_path: Path
) -> None:
    at = PublicAddress.of_text("https://example.org/some/where")
    written(workspace, Asked(to=tmp_path / "site", at=at))
    tree = ElementTree.parse(tmp_path / "site/sitemap.xml").getroot()
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    assert tree.tag == f"{space}urlset"
    found = {each.text for each in tree.iter(f"{space}loc")}
    pages = [each for each in content(tmp_path / "site") if re.search(r"\.\w+\.html$", each)]
    told = {each for each in pages if not each.startswith(("search.", "query."))}
    assert found == {f"https://example.org/some/where/{quote(each)}" for each in told}
    robots = (tmp_path / "site/robots.txt").read_text()
    assert "Sitemap: https://example.org/some/where/sitemap.xml" in robots.splitlines()
    # The page of what is missing is shown under any address: only there paths are whole.
    lost = references(parsed(tmp_path / "site", "404.html"))
    assert {"/some/where/index.ar.html"} <= set(lost)
    assert all(each.startswith(("/some/where/", "#", "http", "data:")) for each in lost)
    rest = content(tmp_path / "site").items()
    assert all(b"/some/where" not in text for path, text in rest if path.startswith(ROOT))


def test_the_same_site_in_other_surroundings(workspace: Workspace, tmp_path: Path) -> None:
    """In another place, with another hash seed, zone and order of files, and from nothing."""
    root = tmp_path / "another ünïcode place"
    root.mkdir()
    shutil.copy(REPOSITORY / "kgpub.toml", root)
    shutil.copytree(REPOSITORY / "articles", root / "articles")
    around = {"PYTHONHASHSEED": "99", "TZ": "Asia/Baghdad", "LC_ALL": "C"}
    command = [sys.executable, "-m", "kgpub", "site", "--to", str(tmp_path / "other")]
    done = subprocess.run(command, cwd=root, env={**os.environ, **around}, capture_output=True)
    assert done.returncode == 0, done.stderr
    mine, others = content(workspace.root / "site"), content(tmp_path / "other")
    assert mine.keys() == others.keys()
    assert [path for path in mine if mine[path] != others[path]] == []


def test_several_processes_make_the_same_site(
    workspace: Workspace, site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kgpub.site.rendering._WORTH", 1)
    monkeypatch.setattr("kgpub.site.rendering._processors", lambda: 3)
    written(workspace, Asked(to=tmp_path / "site"))
    assert content(tmp_path / "site") == content(site)


def test_a_release_has_a_site_that_no_later_build_changes(kgpub: Run, tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    seed(root)
    assert kgpub("release", cwd=root).returncode == 0
    assert kgpub("site", cwd=root).returncode == 0
    before = content(root / "site")
    facts = root / "articles/al-kadhimi-and-kurdistan/facts.yaml"
    text = facts.read_text(encoding="utf-8")
    facts.write_text(text.replace("Mustafa al-Kadhimi", "M. al-Kadhimi"), encoding="utf-8")
    done = kgpub("site", "--release", "1", "--to", "../released", cwd=root)
    assert done.returncode == 0, done.stderr
    released = content(tmp_path / "released")
    assert {p: t for p, t in released.items() if p.startswith(ROOT) and "dataset." not in p} == {
        p: t for p, t in before.items() if p.startswith(ROOT) and "dataset." not in p
    }
    sums = (root / "releases/1/SHA256SUMS").read_text().splitlines()
    for digest, name in (line.split("  ") for line in sums):
        assert hashlib.sha256(released[f"dumps/{name}"]).hexdigest() == digest
    home = parsed(tmp_path / "released", "index.en.html")
    assert "./dumps/dataset.nq.gz" in home.xpath("//a/@href")
    assert "./dumps/tables/people.csv" in home.xpath("//a/@href")
    assert broken(tmp_path / "released") == []


def test_a_site_that_is_made_without_what_pages_run_is_told_of(built: Path, tmp_path: Path) -> None:
    """By a copy of kgpub that has none, laid out as a wheel is."""
    package = tmp_path / "lib/kgpub"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(REPOSITORY / "src/kgpub", package, ignore=ignored)
    for name in ("ontology", "shapes", "queries"):
        shutil.copytree(REPOSITORY / name, package / name)
    (package / "site/browser/assets/search.js").unlink(missing_ok=True)
    for told in ("written", "Nothing has changed"):
        done = subprocess.run(
            [sys.executable, "-m", "kgpub", "site"],
            cwd=built,
            env={**os.environ, "PYTHONPATH": str(tmp_path / "lib"), "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            check=True,
        )
        assert told in done.stdout
        assert done.stderr.startswith("note: the site has no search and no queries")
        assert "make query-page" in done.stderr
    assert not (built / "site/assets/browser").exists()


def test_no_page_of_others_is_taken_from_a_release(built: Path, kgpub: Run, tmp_path: Path) -> None:
    assert kgpub("release", cwd=built).returncode == 0
    given = shutil.copytree(built / "releases/1", tmp_path / "given")
    page = b"<script>alert(1)</script>"
    with (given / "SHA256SUMS").open("a") as sums:
        for name in ("evil.html", "tables/evil.svg"):
            (given / name).write_bytes(page)
            sums.write(f"{hashlib.sha256(page).hexdigest()}  {name}\n")
    site = written(Workspace(built), Asked(to=tmp_path / "site", release=str(given))).folder
    copied = {each.relative_to(site / "dumps").as_posix() for each in (site / "dumps").rglob("*")}
    assert {"dataset.nq", "tables/people.csv", "SHA256SUMS", "CITATION.cff"} <= copied
    assert not [each for each in copied if "evil" in each]


@pytest.mark.parametrize("name", ["dataset.nq", "ontology/kgpub.ttl"])
def test_a_release_of_broken_data_is_told(kgpub: Run, tmp_path: Path, name: str) -> None:
    root = tmp_path / "workspace"
    seed(root)
    assert kgpub("release", cwd=root).returncode == 0
    forged = shutil.copytree(root / "releases/1", tmp_path / "forged")
    (forged / name).parent.chmod(0o755)
    (forged / name).chmod(0o644)
    whole = hashlib.sha256((forged / name).read_bytes()).hexdigest()
    (forged / name).write_bytes(b"nothing <\xff")
    digest = hashlib.sha256((forged / name).read_bytes()).hexdigest()
    sums = forged / "SHA256SUMS"
    sums.chmod(0o644)
    sums.write_text(sums.read_text().replace(whole, digest))
    done = kgpub("site", "--release", "../forged", "--to", "../site", cwd=root)
    assert done.returncode == 2 and "its data cannot be read" in done.stderr, done.stderr
    assert "Traceback" not in done.stderr and not (tmp_path / "site").exists()


def test_a_site_is_known_by_any_path_to_it_and_in_a_workspace_that_has_moved(
    tmp_path: Path,
) -> None:
    thing = NamedNode("https://example.org/data/person/x")
    quad = Quad(thing, NamedNode(f"{RDF}type"), NamedNode(kg.Person), thing)
    workspace = of_odd_quads(tmp_path / "one", "https://example.org/data/", [quad])
    written(workspace)
    written(workspace, Asked(to=tmp_path / "one/../other"))
    assert written(workspace, Asked(to=tmp_path / "other")).changes is None
    (tmp_path / "one").rename(tmp_path / "two")
    moved = Workspace(tmp_path / "two")
    assert written(moved).changes is None
    assert written(moved, Asked(to=tmp_path / "other")).changes is None


def test_only_what_a_change_concerns_is_written_again(kgpub: Run, tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    seed(root)
    assert kgpub("site", cwd=root).returncode == 0
    site = root / "site"
    before = {path: (site / path).stat() for path in content(site)}
    facts = root / "articles/al-kadhimi-and-kurdistan/facts.yaml"
    text = facts.read_text(encoding="utf-8")
    assert text.count("Kanan Makiya") >= 1
    facts.write_text(text.replace("Kanan Makiya", "Kanan Mekiya"), encoding="utf-8")
    done = kgpub("site", cwd=root)
    assert done.returncode == 0
    after = {path: (site / path).stat() for path in content(site)}
    touched = {path for path in after if after[path].st_ino != before[path].st_ino}
    told = re.search(r"([\d,]+) files \(([\d,]+) written, 0 removed\)", done.stdout)
    assert told and int(told[1].replace(",", "")) == len(after)
    assert int(told[2].replace(",", "")) == len(touched)
    assert f"{ROOT}person/kanan-makiya.en.html" in touched
    assert f"{ROOT}person/nechirvan-barzani.en.html" not in touched
    assert len(touched) < len(after) / 2
    # What is there now is what a site from nothing has.
    assert kgpub("site", "--to", "../fresh", cwd=root).returncode == 0
    assert content(tmp_path / "fresh") == content(site)
    again = kgpub("site", cwd=root)
    assert "Nothing has changed" in again.stdout
    assert {path: (site / path).stat().st_ino for path in content(site)} == {
        path: each.st_ino for path, each in after.items()
    }


def test_what_is_no_longer_told_of_is_removed(kgpub: Run, tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    assert kgpub("init", str(root), cwd=tmp_path).returncode == 0
    assert kgpub("site", cwd=root).returncode == 0
    gone = [path for path in content(root / "site") if "/salim-omar" in path]
    assert len(gone) >= 6
    facts = root / "articles/example/facts.yaml"
    facts.write_text(facts.read_text().replace("salim-omar", "salem-omar"))
    assert kgpub("site", cwd=root).returncode == 0
    now = content(root / "site")
    assert not [path for path in gone if path in now]
    assert [path for path in now if "/salem-omar" in path]
    assert broken(root / "site") == []


def test_what_was_retracted_has_a_page_that_says_why(kgpub: Run, tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    assert kgpub("init", str(root), cwd=tmp_path).returncode == 0
    more = root / "articles/example/more.yaml"
    more.write_text(_MORE, encoding="utf-8")
    assert kgpub("site", cwd=root).returncode == 0
    before = {path for path in content(root / "site") if "/somebody-else." in path}
    why = "retracted: {since: 2026-01-30, because: {en: All of it was wrong., ckb: هەڵە بوو.}}\n"
    more.write_text(_MORE + why, encoding="utf-8")
    done = kgpub("site", "--at", "https://example.org/", cwd=root)
    assert done.returncode == 0, done.stderr
    now, map_ = content(root / "site"), (root / "site/sitemap.xml").read_text()
    pages = {path for path in before if path.endswith(".html")}
    assert len(before) == 6 and len(pages) == 3 and before <= now.keys()
    for path in pages:
        told = parsed(root / "site", path).text_content()
        assert "All of it was wrong." in told and "هەڵە بوو." in told
        assert path not in map_
    assert "index.en.html" in map_
    assert {page for page, _ in broken(root / "site")} == {"404.html"}, (
        "only there they are absolute"
    )


@pytest.mark.parametrize("language", ["en", "ar", "ckb"])
def test_what_search_engines_read_is_json(site: Path, language: str) -> None:
    [told] = parsed(site, f"{PERSON}.{language}.html").xpath(
        "//script[@type='application/ld+json']/text()"
    )
    assert json.loads(told)["@id"] == f"{BASE}person/mustafa-al-kadhimi"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--to", "."], "the workspace lies in this folder"),
        (["--to", "articles"], "lies in the workspace's folder articles"),
        (["--to", "output"], "lies in the workspace's folder output"),
        (["--to", "output/site"], "lies in the workspace's folder output"),
        (["--to", "copy"], "which kgpub has written"),
        (["--to", "copy/site"], "which kgpub has written"),
        (["--to", "older/person/new"], "older, which kgpub has written"),
        (["--to", "other/articles/site"], "lies in the workspace's folder articles"),
        (["--to", "other/.kgpub/site"], "lies in the workspace's folder .kgpub"),
        (["--to", "kgpub.toml"], "is no folder"),
        (["--to", "queries"], "lies in the workspace's folder queries"),
        (["--to", "releases/1"], "lies in the workspace's folder releases"),
        (["--to", "mine"], "holds files that kgpub did not write"),
        (["--to", ""], "the name of a folder is empty"),
        (["--release", ""], "no version is named"),
        (["--release", "7"], "there is no release 7"),
        (["--release", "x" * 300], "there is no release xxx"),
        (["--release", "../.."], "there is no release ../.."),
        (["--at", "example.org"], "is no address"),
    ],
)
def test_what_cannot_be_asked_is_told_with_a_remedy(
    kgpub: Run, built: Path, arguments: list[str], told: str
) -> None:
    (built / "queries").mkdir(exist_ok=True)
    (built / "queries/mine.rq").write_text("# question: What?\nASK {}\n")
    (built / "mine").mkdir(exist_ok=True)
    (built / "mine/notes.txt").write_text("mine")
    create_example(built / "other")
    shutil.copytree(built / "output", built / "copy")
    written(Workspace(built), Asked(to=built / "older"))
    before = content(built)
    done = kgpub("site", *arguments, cwd=built)
    assert done.returncode == 2 and told in done.stderr, done.stderr
    assert len(done.stderr.splitlines()) >= 2 and "Traceback" not in done.stderr
    state = (".kgpub/",)
    after = content(built)
    assert {p: t for p, t in before.items() if not p.startswith(state)} == {
        p: t for p, t in after.items() if not p.startswith(state)
    }
