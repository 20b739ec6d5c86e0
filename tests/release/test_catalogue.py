"""The catalogue of a release, checked by the shapes of others and by counting again."""

from __future__ import annotations

import datetime
import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pyld
import pyshacl
import pytest
import yaml
from pyoxigraph import RdfFormat, Store
from rdflib import DCTERMS, FOAF, PROV, RDF, SH, Dataset, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from rocrate.rocrate import ROCrate
from tests.conftest import REPOSITORY, Run

DCAT_AP = REPOSITORY.parent / "shared/suites/dcat-ap"
BASE = "https://w3id.org/kgpub/data/"
RELEASE = URIRef(f"{BASE}release/2")
DCAT = Namespace("http://www.w3.org/ns/dcat#")  # rdflib knows an older version
SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
VOID = Namespace("http://rdfs.org/ns/void#")
AT = "https://dumps.example.org/kgpub"
OPTIONS = ["--at", AT, "--endpoint", "https://example.org/sparql", "--contact", "me@example.org"]


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory, kgpub: Run) -> Path:
    """The second release of the repository's own workspace, with all that can be told."""
    root = tmp_path_factory.mktemp("seed")
    shutil.copytree(REPOSITORY / "articles", root / "articles")
    shutil.copy(REPOSITORY / "kgpub.toml", root)
    for _ in range(2):
        done = kgpub("release", "--force", *OPTIONS, cwd=root)
        assert done.returncode == 0, done.stderr
    return root / "releases/2"


@pytest.fixture(scope="module")
def catalogue(second: Path) -> Graph:
    return Graph().parse(second / "catalogue.ttl")


def official(name: str) -> Graph:
    """The shapes as published, without the property shapes that have no path and check nothing.

    There are two in the shapes of a data service, at which pySHACL gives up.
    """
    if not DCAT_AP.is_dir():
        pytest.skip(f"DCAT-AP's shapes are not part of this repository, and not in {DCAT_AP}")
    shapes = Graph().parse(DCAT_AP / name)
    for shape, _, part in list(shapes.triples((None, SH.property, None))):
        if (part, SH.path, None) not in shapes:
            shapes.remove((shape, SH.property, part))
    return shapes


def results(data: Graph, shapes: Graph) -> set[tuple[str, str]]:
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes)
    assert isinstance(report, Graph)
    return {
        (str(report.value(each, SH.focusNode)), str(report.value(each, SH.resultPath)))
        for each in report.subjects(RDF.type, SH.ValidationResult)
    }


@pytest.mark.parametrize("name", ["shapes.ttl", "dcat-ap-SHACL.ttl"])
def test_dcat_ap_s_shapes_find_nothing(catalogue: Graph, name: str) -> None:
    assert results(catalogue, official(name)) == set()


@pytest.mark.parametrize(
    "removed",
    [
        (RELEASE, DCTERMS.title),
        (URIRef(f"{RELEASE}#catalogue"), DCTERMS.description),
        (URIRef(f"{RELEASE}#dataset.nq"), DCAT.accessURL),
        (URIRef(f"{RELEASE}#dataset.nq-sha256"), SPDX.checksumValue),
    ],
)
def test_dcat_ap_s_shapes_would_find_what_is_missing(
    catalogue: Graph, removed: tuple[URIRef, URIRef]
) -> None:
    less = Graph()
    less += catalogue
    less.remove((*removed, None))
    assert removed in {tuple(map(URIRef, each)) for each in results(less, official("shapes.ttl"))}


MANDATORY = {
    DCAT.Catalog: (DCTERMS.title, DCTERMS.description, DCTERMS.publisher),
    DCAT.Dataset: (DCTERMS.title, DCTERMS.description),
    DCAT.Distribution: (DCAT.accessURL,),
    DCAT.DataService: (DCTERMS.title, DCAT.endpointURL),
    FOAF.Agent: (FOAF.name,),
    SPDX.Checksum: (SPDX.algorithm, SPDX.checksumValue),
}
"""What DCAT-AP 3.0.1 wants of each, in its tables of mandatory properties."""
ONCE = (
    *(DCTERMS.publisher, DCTERMS.issued, DCTERMS.modified, DCTERMS.license, DCTERMS.accessRights),
    *(DCAT.byteSize, DCAT.mediaType, DCAT.compressFormat, DCAT.version, DCAT.startDate),
    *(DCAT.endDate, DCTERMS["format"], SPDX.checksum, SPDX.algorithm, SPDX.checksumValue),
)
CLASS_OF = {
    DCTERMS.publisher: FOAF.Agent,
    DCTERMS.temporal: DCTERMS.PeriodOfTime,
    DCTERMS.language: DCTERMS.LinguisticSystem,
    DCTERMS.spatial: DCTERMS.Location,
    DCTERMS.license: DCTERMS.LicenseDocument,
    DCTERMS.conformsTo: DCTERMS.Standard,
    DCAT.dataset: DCAT.Dataset,
    DCAT.service: DCAT.DataService,
    DCAT.distribution: DCAT.Distribution,
    DCAT.contactPoint: VCARD.Kind,
    SPDX.checksum: SPDX.Checksum,
}


def test_what_dcat_ap_makes_mandatory_is_there(catalogue: Graph) -> None:
    """Written by hand, for where its own shapes are not at hand."""
    for class_, predicates in MANDATORY.items():
        nodes = set(catalogue.subjects(RDF.type, class_))
        assert nodes, class_
        for node in nodes:
            missing = [each for each in predicates if (node, each, None) not in catalogue]
            assert missing == [], node


def test_what_dcat_ap_wants_once_is_there_once(catalogue: Graph) -> None:
    for predicate in ONCE:
        values = [each for each, _ in catalogue.subject_objects(predicate)]
        assert len(values) == len(set(values)) > 0, predicate


def test_what_is_referred_to_is_of_the_class_that_dcat_ap_wants(catalogue: Graph) -> None:
    for predicate, class_ in CLASS_OF.items():
        values = set(catalogue.objects(None, predicate))
        assert values, predicate
        assert [each for each in values if (each, RDF.type, class_) not in catalogue] == []


def test_what_is_recommended_is_there_but_for_what_only_the_publisher_knows(
    catalogue: Graph,
) -> None:
    """Themes, kinds of publisher and licence, and where places lie on a map."""
    paths = {
        path
        for node, path in results(catalogue, official("shapes_recommended.ttl"))
        if node == str(RELEASE) or str(RELEASE) + "#" in node
    }
    known_by_others = {DCAT.theme, DCAT.themeTaxonomy, DCTERMS.type, DCTERMS.spatial, DCAT.keyword}
    assert paths <= set(map(str, known_by_others))


def test_every_distribution_is_a_file_of_that_size_and_checksum(
    catalogue: Graph, second: Path
) -> None:
    distributions = set(catalogue.objects(RELEASE, DCAT.distribution))
    assert len(distributions) == 4 * 3 + 1 + 4 + 5 * 3  # dumps, links, tables, vocabularies
    for each in distributions:
        url = str(catalogue.value(each, DCAT.downloadURL))
        content = (second / url.removeprefix(f"{AT}/2/")).read_bytes()
        assert catalogue.value(each, DCAT.byteSize).toPython() == len(content)
        checksum = catalogue.value(each, SPDX.checksum)
        told = str(catalogue.value(checksum, SPDX.checksumValue))
        assert told == hashlib.sha256(content).hexdigest()
        assert (catalogue.value(each, DCAT.compressFormat) is not None) == url.endswith(
            (".gz", ".zst")
        )


def test_void_counts_what_sparql_counts(catalogue: Graph, second: Path) -> None:
    store = Store()
    store.bulk_load(path=str(second / "dataset.nq"), format=RdfFormat.N_QUADS)

    def number(pattern: str, what: str = "*") -> int:
        query = f"SELECT (COUNT(DISTINCT {what}) AS ?n) {{ {pattern} }}"
        answer = store.query(query, use_default_graph_as_union=True)
        return int(next(iter(answer))["n"].value)

    def told(subject: URIRef, predicate: URIRef) -> int:
        value = catalogue.value(subject, predicate)
        assert isinstance(value, Literal)
        return int(value)

    assert told(RELEASE, VOID.triples) == number("?s ?p ?o")
    assert told(RELEASE, VOID.distinctSubjects) == number("?s ?p ?o", "?s")
    assert told(RELEASE, VOID.properties) == number("?s ?p ?o", "?p")
    assert told(RELEASE, VOID.classes) == number("?s a ?o", "?o")
    classes = list(catalogue.objects(RELEASE, VOID.classPartition))
    assert len(classes) == told(RELEASE, VOID.classes)
    for part in map(URIRef, classes):
        class_ = catalogue.value(part, VOID["class"])
        assert told(part, VOID.entities) == number(f"?s a <{class_}>")
    for part in map(URIRef, catalogue.objects(RELEASE, VOID.propertyPartition)):
        predicate = catalogue.value(part, VOID.property)
        assert told(part, VOID.triples) == number(f"?s <{predicate}> ?o")
    assert told(URIRef(f"{RELEASE}#links"), VOID.triples) == number(
        "?s <http://www.w3.org/2002/07/owl#sameAs> ?o"
    )


def test_each_submission_and_article_is_a_part_with_a_file(second: Path) -> None:
    parts = Graph().parse(second / "catalogue-parts.nt")
    dataset = Dataset()
    dataset.parse(second / "dataset.nq", format="nquads")
    subsets = set(parts.objects(RELEASE, VOID.subset))
    assert len(subsets) == 2
    for part in subsets:
        graph = parts.value(part, PROV.wasDerivedFrom)
        assert (URIRef(f"{RELEASE}#making"), PROV.used, graph) in parts
        url = str(parts.value(part, VOID.dataDump))
        inside = Dataset()
        inside.parse(second / url.removeprefix(f"{AT}/2/"), format="trig")
        assert isomorphic(inside.graph(graph), dataset.graph(graph))
        assert int(str(parts.value(part, VOID.triples))) == len(dataset.graph(graph))
    articles = set(parts.objects(RELEASE, PROV.wasDerivedFrom))
    assert articles == {URIRef(f"{BASE}article/al-kadhimi-and-kurdistan")}


def test_coverage_is_that_of_the_data(catalogue: Graph) -> None:
    """Of the years that are written in facts.yaml the first is 1985 and the last 2016."""
    period = catalogue.value(RELEASE, DCTERMS.temporal)
    start, end = (catalogue.value(period, each) for each in (DCAT.startDate, DCAT.endDate))
    assert (start, end) == (
        Literal(datetime.date(1985, 1, 1)),
        Literal(datetime.date(2016, 12, 31)),
    )
    places = {str(each).rpartition("/")[2] for each in catalogue.objects(RELEASE, DCTERMS.spatial)}
    assert {"iraq", "kurdistan-region", "baghdad", "erbil", "london"} <= places
    languages = {str(each) for each in catalogue.objects(RELEASE, DCTERMS.language)}
    assert languages == {
        "http://id.loc.gov/vocabulary/iso639-1/ar",
        "http://id.loc.gov/vocabulary/iso639-1/en",
        "http://lexvo.org/id/iso639-3/ckb",
    }


def test_versions_are_linked(catalogue: Graph) -> None:
    assert catalogue.value(RELEASE, DCAT.previousVersion) == URIRef(f"{BASE}release/1")
    assert catalogue.value(RELEASE, DCAT.isVersionOf) == URIRef(f"{BASE}dataset")
    assert catalogue.value(URIRef(f"{BASE}dataset"), DCAT.hasVersion) == RELEASE
    assert catalogue.value(RELEASE, DCAT.version) == Literal("2")


def test_json_ld_says_the_same_without_blank_nodes(catalogue: Graph, second: Path) -> None:
    other = Graph().parse(second / "catalogue.jsonld")
    assert isomorphic(catalogue, other)
    assert all(isinstance(term, URIRef | Literal) for triple in catalogue for term in triple)


def test_google_dataset_search_gets_what_it_asks_for(second: Path) -> None:
    """Structured data for datasets, as Google documents them: required and recommended."""
    document = json.loads((second / "schema-org.jsonld").read_text(encoding="utf-8"))
    assert document.pop("@context") == "https://schema.org/"
    (expanded,) = pyld.jsonld.expand({"@context": {"@vocab": "https://schema.org/"}, **document})
    assert expanded["@type"] == ["https://schema.org/Dataset"]
    wanted = (
        *("name", "description", "creator", "distribution", "identifier", "isAccessibleForFree"),
        *("keywords", "license", "spatialCoverage", "temporalCoverage", "url", "version"),
    )
    assert [each for each in wanted if not expanded.get(f"https://schema.org/{each}")] == []
    assert 50 <= len(document["description"]) <= 5000
    assert document["temporalCoverage"] == "1985-01-01/2016-12-31"
    assert document["creator"]["@type"] in ("Person", "Organization")
    for each in document["distribution"]:
        assert each["@type"] == "DataDownload"
        assert each["contentUrl"].startswith(f"{AT}/2/")


def test_the_citation_has_what_the_format_requires(second: Path) -> None:
    """Citation File Format 1.2.0: required keys, and what a reference is formatted from."""
    told = yaml.safe_load((second / "CITATION.cff").read_text(encoding="utf-8"))
    assert told["cff-version"] == "1.2.0"
    assert told["type"] == "dataset"
    assert isinstance(told["message"], str) and isinstance(told["title"], str)
    assert told["authors"] == [{"name": "kgpub"}]
    assert isinstance(told["version"], str)
    assert datetime.date.fromisoformat(told["date-released"])
    assert told["identifiers"][0]["value"] == str(RELEASE)


def test_the_citation_is_as_the_schema_of_the_format_wants(second: Path, tmp_path: Path) -> None:
    """The schema that the Citation File Format publishes, as check-jsonschema carries it."""

    def checked(file: Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "check_jsonschema"]
        schema = ["--builtin-schema", "vendor.citation-file-format"]
        return subprocess.run(
            [*command, *schema, file], capture_output=True, text=True, timeout=60, check=False
        )

    citation = second / "CITATION.cff"
    assert checked(citation).returncode == 0
    wrong = citation.read_text(encoding="utf-8").replace("type: dataset", "type: article")
    (tmp_path / "CITATION.cff").write_text(wrong, encoding="utf-8")
    refused = checked(tmp_path / "CITATION.cff")
    assert refused.returncode == 1
    assert "'article' is not one of" in refused.stdout


def test_a_name_in_two_languages_is_one_keyword(second: Path) -> None:
    told = yaml.safe_load((second / "CITATION.cff").read_text(encoding="utf-8"))
    crate = json.loads((second / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    (root,) = (each for each in crate["@graph"] if each["@id"] == "./")
    for keywords in (told["keywords"], root["keywords"]):
        assert len(keywords) == len(set(keywords)) > 5


def test_the_crate_lists_every_file_but_itself_and_the_checksums(second: Path) -> None:
    """RO-Crate 1.1, sections 3 and 4: the descriptor, the root, and a data entity for each file."""
    crate = json.loads((second / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    context, added = crate["@context"]
    assert context == "https://w3id.org/ro/crate/1.1/context"
    assert added == {"sha256": "http://schema.org/sha256"}  # which that one does not know
    entities = {each["@id"]: each for each in crate["@graph"]}
    assert len(entities) == len(crate["@graph"])
    descriptor = entities["ro-crate-metadata.json"]
    assert descriptor["about"] == {"@id": "./"}
    assert descriptor["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    root = entities["./"]
    assert {"name", "description", "datePublished", "license"} <= root.keys()
    parts = {each["@id"] for each in root["hasPart"]}
    there = {p.relative_to(second).as_posix() for p in second.rglob("*") if p.is_file()}
    single = {each for each in there if not each.startswith("graphs/")}
    assert parts - {"graphs/"} == single - {"ro-crate-metadata.json", "SHA256SUMS"}
    assert entities["graphs/"]["@type"] == "Dataset" and (second / "graphs").is_dir()
    for part in parts - {"graphs/"}:
        content = (second / part).read_bytes()
        assert entities[part]["contentSize"] == str(len(content))
        assert entities[part]["sha256"] == hashlib.sha256(content).hexdigest()
    referred = {
        value["@id"]
        for each in crate["@graph"]
        for value in each.values()
        if isinstance(value, dict)
    }
    assert referred - entities.keys() == {"https://w3id.org/ro/crate/1.1"}


def test_another_reader_of_crates_reads_it(second: Path) -> None:
    """By rocrate, of the community that defines RO-Crate."""
    crate = ROCrate(second)
    assert crate.root_dataset.type == "Dataset"
    assert crate.version == "1.1"
    assert (crate.license.id, crate.license.type) == (
        "https://creativecommons.org/licenses/by/4.0/",
        "CreativeWork",
    )
    for role in ("author", "creator", "publisher"):
        assert (crate.root_dataset[role]["name"], crate.root_dataset[role]["email"]) == (
            "kgpub",
            "me@example.org",
        )
    files = [each for each in crate.data_entities if each.type == "File"]
    assert {each.source for each in files} == {second / each.id for each in files}
    assert all(int(each["contentSize"]) == each.source.stat().st_size for each in files)
    action = crate.root_dataset["mentions"]
    assert action["instrument"]["name"] == "kgpub"
