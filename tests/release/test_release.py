"""`kgpub release`: what is in a release, how it is called, and what it leaves alone."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import rdflib
import zstandard
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse
from rdflib.compare import isomorphic
from tests.conftest import REPOSITORY, Run, create_example

from kgpub import Workspace
from kgpub.errors import CallError, OutputError
from kgpub.release.asked import Asked
from kgpub.release.making import Made, make
from kgpub.settings import read_settings

DATE = "2026-11-24"
FORMATS = {"ttl": "turtle", "jsonld": "json-ld", "nq": "nquads", "trig": "trig"}


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory, kgpub: Run) -> Path:
    """The first release of the repository's own workspace."""
    root = tmp_path_factory.mktemp("seed")
    shutil.copytree(REPOSITORY / "articles", root / "articles")
    shutil.copy(REPOSITORY / "kgpub.toml", root)
    done = kgpub("release", cwd=root)
    assert done.returncode == 0, done.stderr
    return root / "releases/1"


def snapshot(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def edit(root: Path, old: str, new: str) -> None:
    path = root / "articles/example/facts.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_checksums_are_those_of_sha256sum_and_list_every_file(seed: Path) -> None:
    subprocess.run(
        ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=seed, check=True
    )
    lines = (seed / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert {line.split("  ")[1] for line in lines} | {"SHA256SUMS"} == set(snapshot(seed))


def test_it_holds_what_was_built_byte_for_byte(seed: Path) -> None:
    built = snapshot(seed.parents[1] / "output")
    del built["SHA256SUMS"]
    assert len(built) > 30
    assert built.items() <= snapshot(seed).items()


@pytest.mark.parametrize("ending", FORMATS)
def test_every_dump_is_the_same_packed(seed: Path, ending: str) -> None:
    plain = seed / f"dataset.{ending}"
    for program, packed in (("gzip", ".gz"), ("zstd", ".zst")):
        if not shutil.which(program):
            pytest.skip(f"{program} is not installed")
        path = seed / f"dataset.{ending}{packed}"
        unpacked = subprocess.run([program, "-dc", path], capture_output=True, check=True).stdout
        assert unpacked == plain.read_bytes()


def test_gzip_s_header_tells_neither_name_nor_time(seed: Path) -> None:
    header = (seed / "dataset.nq.gz").read_bytes()[:10]
    assert header[3] == 0  # no name, no comment
    assert header[4:8] == b"\0\0\0\0"
    assert gzip.decompress((seed / "dataset.nq.gz").read_bytes())


def test_zstandard_s_is_one_frame_with_size_and_checksum(seed: Path) -> None:
    content = (seed / "dataset.nq.zst").read_bytes()
    frame = zstandard.get_frame_parameters(content)
    assert frame.content_size == (seed / "dataset.nq").stat().st_size
    assert frame.has_checksum
    unpacker = zstandard.ZstdDecompressor().decompressobj()
    unpacker.decompress(content)
    assert unpacker.eof and not unpacker.unused_data


def test_rdflib_finds_the_dumps_isomorphic(seed: Path) -> None:
    graphs = {}
    for ending, form in FORMATS.items():
        dataset = rdflib.Dataset(default_union=True)
        dataset.parse(seed / f"dataset.{ending}", format=form)
        graph = rdflib.Graph()
        for subject, predicate, value in dataset.triples((None, None, None)):
            graph.add((subject, predicate, value))
        graphs[ending] = graph
    assert len(graphs["nq"]) > 1000
    for ending in ("ttl", "jsonld", "trig"):
        assert isomorphic(graphs["nq"], graphs[ending]), ending


def test_the_n_quads_are_what_rdf_canonicalization_gives(seed: Path) -> None:
    dataset = Dataset(parse(path=str(seed / "dataset.nq"), format=RdfFormat.N_QUADS))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    canonical = "".join(sorted(f"{quad} .\n" for quad in dataset)).encode()
    assert canonical == (seed / "dataset.nq").read_bytes()
    assert record(seed)["hash"] == hashlib.sha256(canonical).hexdigest()


def test_each_submission_has_a_file_and_all_of_them_are_the_whole(seed: Path) -> None:
    whole = set(parse(path=str(seed / "dataset.nq"), format=RdfFormat.N_QUADS))
    submitted = set()
    for path in (seed / "graphs").rglob("*.trig"):
        quads = set(parse(path=str(path), format=RdfFormat.TRIG))
        assert len({quad.graph_name for quad in quads}) == 1
        submitted |= quads
    assert submitted < whole
    assert {str(quad.graph_name).rpartition("/")[2] for quad in whole - submitted} == {
        "catalogue>",
        "links>",
    }
    facts = seed / "graphs/submission/al-kadhimi-and-kurdistan/facts.trig"
    assert facts.read_bytes().startswith(b"@prefix article: ")


def test_the_linkset_has_the_links_that_a_query_finds(seed: Path) -> None:
    graph = rdflib.Graph().parse(seed / "dataset.ttl")
    links = rdflib.Graph().parse(seed / "links/wikidata.nt")
    assert set(links) == {
        triple
        for triple in graph.triples((None, rdflib.OWL.sameAs, None))
        if "wikidata.org/entity/" in triple[2]
    }
    assert len(links) > 4


def released(root: Path, **asked: Any) -> Made:
    """What the command does once the workspace is built."""
    return make(root, read_settings(root), root / "releases", Asked(date=DATE, **asked))


def record(folder: Path) -> dict[str, str]:
    told = json.loads((folder / "release.json").read_text(encoding="utf-8"))
    assert isinstance(told, dict)
    return told


def test_the_next_has_the_next_number_and_knows_the_one_before(built: Path, kgpub: Run) -> None:
    released(built)
    first = snapshot(built / "releases/1")
    edit(built, "Salim Omar", "Saleem Omar")
    assert kgpub("release", cwd=built).returncode == 0
    assert snapshot(built / "releases/1") == first
    told = record(built / "releases/2")
    assert (told["version"], told["previous"]) == ("2", "1")
    assert told["issued"] == DATE  # not older than the one before


def test_no_release_where_nothing_has_changed(built: Path, kgpub: Run) -> None:
    released(built)
    again = kgpub("release", cwd=built)
    assert again.returncode == 0
    assert again.stdout.startswith("Nothing has changed since release 1: ")
    assert [path.name for path in (built / "releases").glob("[0-9]*")] == ["1"]
    assert released(built, force=True).folder.name == "2"


def test_kinds_that_are_gone_are_a_change(built: Path) -> None:
    kinds = built / "kinds.ttl"
    kinds.write_text("# nothing\n", encoding="utf-8")
    Workspace(built).build()
    assert (released(built).folder / "ontology/kinds.ttl").is_file()
    kinds.unlink()
    Workspace(built).build()
    assert not (released(built).folder / "ontology/kinds.ttl").exists()
    assert (built / "releases/2").is_dir()


@pytest.mark.parametrize(
    ("last", "next_"),
    [("1.0.9", "1.0.10"), ("2026-09", "2026-10"), ("1.0-rc1", "1.0-rc2")],
)
def test_a_version_that_was_given_goes_on(built: Path, last: str, next_: str) -> None:
    released(built, version=last)
    assert released(built, force=True).folder == built / "releases" / next_


@pytest.fixture(scope="module")
def third(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a release 3."""
    root = create_example(tmp_path_factory.mktemp("third") / "workspace")
    Workspace(root).build()
    released(root, version="3")
    return root


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"version": "3"}, "3: is there already, release 3"),
        ({"version": "2"}, "2: would come before the last, release 3"),
        ({"version": "../4"}, "../4: no release can be called so"),
        ({"version": "4/"}, "4/: no release can be called so"),
        ({"version": "V4"}, "V4: no release can be called so"),
        ({"version": ".kgpub-new"}, ".kgpub-new: no release can be called so"),
        ({"version": "1" * 41}, "no release can be called so"),
        ({"date": "2026-02-30"}, "2026-02-30: is no date"),
        ({"date": "yesterday"}, "yesterday: is no date"),
        ({"date": "2025-01-01"}, "2025-01-01: release 3 is younger, of 2026-11-24"),
        ({"place": "dumps"}, "--at: dumps is no address of a folder"),
        ({"place": "https://example.org/?a"}, "is no address of a folder"),
        ({"place": "https://example.org/ <x>"}, "is no address of a folder"),
        ({"endpoint": "file:///etc/passwd"}, "--endpoint: file:///etc/passwd is no address"),
        ({"contact": "me@"}, "--contact: me@ is no address of mail or web"),
    ],
)
def test_what_cannot_be_asked_is_refused_and_nothing_written(
    third: Path, asked: dict[str, str], told: str
) -> None:
    before = snapshot(third / "releases")
    with pytest.raises(CallError, match=re.escape(told)):
        make(
            third,
            read_settings(third),
            third / "releases",
            replace(Asked(date=DATE, force=True), **asked),
        )
    assert snapshot(third / "releases") == before


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("articles", "lies in the workspace's folder articles"),
        (".", "the workspace lies in this folder"),
        ("output", "output, which kgpub has written"),
        ("output/ontology/more", "output, which kgpub has written"),
        ("releases/3", "3, which kgpub has written"),
    ],
)
def test_no_release_where_kgpub_keeps_other_things(third: Path, place: str, told: str) -> None:
    before = snapshot(third)
    with pytest.raises(OutputError, match=re.escape(told)):
        make(third, read_settings(third), third / place, Asked(date=DATE, force=True))
    assert snapshot(third) == before


def test_the_command_tells_what_is_wrong_without_a_traceback(third: Path, kgpub: Run) -> None:
    done = kgpub("release", "--force", "--version", "2", cwd=third)
    assert done.returncode == 2
    assert "2: would come before the last, release 3" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_date_is_that_of_source_date_epoch_in_utc(built: Path, kgpub: Run) -> None:
    done = kgpub("release", cwd=built, SOURCE_DATE_EPOCH="1790899199", TZ="Pacific/Kiritimati")
    assert done.returncode == 0
    assert record(built / "releases/1")["issued"] == "2026-10-01"  # 23:59:59


def test_refused_data_make_no_release(built: Path, kgpub: Run) -> None:
    edit(built, "سنبدأ بإصلاح", "سنبدا بإصلاح")
    done = kgpub("release", "--date", "2026-11-24", cwd=built)
    assert done.returncode == 1
    assert not (built / "releases").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "no submission has a date"),
        (["--date", "2026-13-01"], "2026-13-01: is no date"),
        (["--version", "one"], "one: no release can be called so"),
    ],
)
def test_where_the_first_is_refused_nothing_is_left_behind(
    built: Path, kgpub: Run, arguments: list[str], told: str
) -> None:
    edit(built, "date: 2026-01-05", "#")
    done = kgpub("release", *arguments, cwd=built)
    assert (done.returncode, told in done.stderr) == (2, True), done.stderr
    assert not (built / "releases").exists()


def test_a_new_workspace_can_be_built_released_and_shown_at_once(
    tmp_path: Path, kgpub: Run
) -> None:
    for command in (["init", "."], ["build"], ["release"], ["site"], ["changelog"]):
        done = kgpub(*command, cwd=tmp_path)
        assert done.returncode == 0, (command, done.stderr)
    assert record(tmp_path / "releases/1")["issued"] == "2026-01-05"
    assert (tmp_path / "releases/changes/feed.en.atom").is_file()
    assert (tmp_path / "site/index.en.html").is_file()


def test_a_folder_among_the_releases_that_is_none_is_told(built: Path) -> None:
    (built / "releases/7").mkdir(parents=True)
    with pytest.raises(OutputError, match=r"is no release: it has no release\.json"):
        released(built)
    for content in ("[[[", "[]", "{}", '{"version": 7}'):
        (built / "releases/7/release.json").write_text(content, encoding="utf-8")
        with pytest.raises(OutputError, match="is not as kgpub writes it"):
            released(built)


def test_no_other_command_writes_to_a_release(third: Path, kgpub: Run) -> None:
    before = snapshot(third / "releases")
    for command in (
        ["export", "-o", "releases/3/dataset.ttl"],
        ["build", "--output", "releases/3"],
    ):
        assert kgpub(*command, cwd=third).returncode == 2
    assert snapshot(third / "releases") == before


def test_a_submission_dated_in_the_future_does_not_date_the_release(
    built: Path, kgpub: Run
) -> None:
    edit(built, "date: 2026-01-05", "date: 9999-12-31")
    done = kgpub("release", cwd=built)
    assert done.returncode == 2
    assert "9999-12-31: something was added" in done.stderr
    assert kgpub("release", "--date", DATE, cwd=built).returncode == 0
    assert record(built / "releases/1")["issued"] == DATE


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"version": "../4"}, "../4: no release can be called so"),
        ({"version": "2"}, "2: would come before the last"),
        ({"date": "yesterday"}, "yesterday: is no date"),
        ({"epoch": "soon"}, "SOURCE_DATE_EPOCH: soon"),
        ({"key": Path("/nonexistent")}, "/nonexistent: there is no such key"),
    ],
)
def test_what_cannot_be_asked_is_refused_where_nothing_has_changed(
    third: Path, asked: dict[str, Any], told: str
) -> None:
    date = "" if "epoch" in asked else DATE
    with pytest.raises(CallError, match=re.escape(told)):
        make(third, read_settings(third), third / "releases", replace(Asked(date=date), **asked))
    assert released(third, version="3").unchanged


def test_a_remedy_names_the_option_of_this_command(third: Path) -> None:
    with pytest.raises(OutputError) as refused:
        make(third, read_settings(third), third / "articles", Asked(date=DATE))
    assert "--to" in refused.value.remedy and "--output" not in str(refused.value)


def test_a_link_into_a_release_is_no_place_for_releases(third: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(third / "releases/3")
    before = snapshot(third)
    with pytest.raises(OutputError, match="3, which kgpub has written"):
        make(third, read_settings(third), tmp_path / "link/more", Asked(date=DATE, force=True))
    assert snapshot(third) == before


def test_the_version_before_keeps_its_iri_when_the_base_changes(built: Path, kgpub: Run) -> None:
    released(built)
    before = record(built / "releases/1")["iri"]
    settings = built / "kgpub.toml"
    old = read_settings(built).base
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace(old, "https://moved.example/"), encoding="utf-8")
    assert kgpub("release", "--date", DATE, cwd=built).returncode == 0
    catalogue = rdflib.Graph().parse(built / "releases/2/catalogue.ttl")
    release = rdflib.URIRef("https://moved.example/release/2")
    version_before = rdflib.URIRef("http://www.w3.org/ns/dcat#previousVersion")
    for predicate in (version_before, rdflib.PROV.wasRevisionOf):
        assert set(catalogue.objects(release, predicate)) == {rdflib.URIRef(before)}


@pytest.mark.parametrize("name", ["base", "title"])
def test_settings_that_the_output_was_not_built_with_are_refused(built: Path, name: str) -> None:
    settings = read_settings(built)
    other = settings.model_copy(update={name: "https://moved.example/"})
    with pytest.raises(OutputError, match="was built with other settings"):
        make(built, other, built / "releases", Asked(date=DATE))
    assert not (built / "releases/1").exists()


def test_a_publisher_s_own_kinds_have_their_names_in_other_vocabularies(
    built: Path, kgpub: Run
) -> None:
    kind = "https://example.org/kinds#hydraulic-engineer"
    (built / "kinds.ttl").write_text(
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        f"<{kind}> a skos:Concept ; skos:inScheme <https://w3id.org/kgpub/kind#OccupationKind> ;\n"
        '    skos:prefLabel "hydraulic engineer"@en , "مهندسة ري"@ar .\n',
        encoding="utf-8",
    )
    (built / "articles/example/occupations.yaml").write_text(
        "article: example\nstatements:\n  - words: المهندسة ليلى حسن\n    asserts:\n"
        f"      - {{type: Occupation, person: layla-hasan, kind: {kind}}}\n",
        encoding="utf-8",
    )
    done = kgpub("release", "--date", DATE, cwd=built)
    assert done.returncode == 0, done.stderr
    found = rdflib.Graph().parse(built / "releases/1/vocabularies/schema-org.nt")
    name = rdflib.URIRef("http://schema.org/name")
    assert set(found.objects(rdflib.URIRef(kind), name)) == {
        rdflib.Literal("hydraulic engineer", "en"),
        rdflib.Literal("مهندسة ري", "ar"),
    }


def test_no_name_ends_a_script_in_a_page(built: Path, kgpub: Run) -> None:
    edit(built, "en: Salim Omar", 'en: "</script><script>alert(1)</script>"')
    settings = built / "kgpub.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace('title = "Example"', 'title = "</script>"'), encoding="utf-8")
    assert kgpub("release", "--date", DATE, cwd=built).returncode == 0
    page = (built / "releases/1/schema-org.jsonld").read_text(encoding="utf-8")
    assert "<" not in page
    assert "</script>" in json.dumps(json.loads(page))


@pytest.mark.parametrize(
    ("added", "modified"),
    [("2026-11-20", "2026-11-20"), (DATE, DATE), ("2026-11-25", DATE), (None, DATE)],
)
def test_a_release_was_not_modified_after_its_date(
    built: Path, kgpub: Run, added: str | None, modified: str
) -> None:
    edit(built, "date: 2026-01-05", f"date: {added}" if added else "#")
    assert kgpub("release", "--date", DATE, cwd=built).returncode == 0
    folder = built / "releases/1"
    catalogue = rdflib.Graph().parse(folder / "catalogue.ttl")
    about = rdflib.URIRef(record(folder)["iri"])
    assert [str(each) for each in catalogue.objects(about, rdflib.DCTERMS.modified)] == [modified]
    assert [str(each) for each in catalogue.objects(about, rdflib.DCTERMS.issued)] == [DATE]
    page = json.loads((folder / "schema-org.jsonld").read_text(encoding="utf-8"))
    assert (page["dateModified"], page["datePublished"]) == (modified, DATE)


def test_options_hold_against_the_environment_and_that_against_the_settings(
    built: Path, kgpub: Run
) -> None:
    with (built / "kgpub.toml").open("a", encoding="utf-8") as stream:
        stream.write("[release]\n")
        stream.writelines(
            f'{name} = "https://file.example/{name}"\n' for name in ("at", "endpoint", "contact")
        )
    done = kgpub(
        *("release", "--date", DATE, "--at", "https://option.example/at"),
        cwd=built,
        KGPUB_RELEASES_URL="https://environment.example/at",
        KGPUB_ENDPOINT="https://environment.example/endpoint",
        KGPUB_CONTACT="",
    )
    assert done.returncode == 0, done.stderr
    catalogue = rdflib.Graph().parse(built / "releases/1/catalogue.ttl")
    told = {str(each) for each in catalogue.all_nodes() if ".example/" in each}
    assert {each for each in told if not each.startswith("https://option.example/at/1/")} == {
        "https://environment.example/endpoint",
        "https://file.example/contact",
    }
    assert "https://option.example/at/1/" in told


def test_wrong_settings_of_releases_are_told_with_their_line(built: Path, kgpub: Run) -> None:
    with (built / "kgpub.toml").open("a", encoding="utf-8") as stream:
        stream.write('[release]\nat = "dumps"\n')
    done = kgpub("release", "--date", DATE, cwd=built)
    assert done.returncode == 2
    assert "kgpub.toml:6:1: release.at: it does not begin with https://" in done.stderr
    assert not (built / "releases").exists()


def test_a_candidate_is_followed_by_what_it_is_a_candidate_for(built: Path, kgpub: Run) -> None:
    released(built, version="1.0-rc2")
    released(built, version="1.0", force=True)
    assert record(built / "releases/1.0")["previous"] == "1.0-rc2"
    done = kgpub("release", "--force", "--version", "1.0-rc3", "--date", DATE, cwd=built)
    assert done.returncode == 2
    assert "1.0-rc3: would come before the last, release 1.0" in done.stderr
    assert released(built, force=True).folder.name == "1.1"
