"""A site on a real Apache, which reads its `.htaccess`."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, unquote, urljoin, urlsplit

import pytest
from pyoxigraph import Literal, NamedNode, Quad
from rdflib import Graph, URIRef
from tests.service.served import fetch
from tests.site.sites import content, of_odd_quads, parsed, written

from kgpub.pages.addresses import Addresses
from kgpub.site.address import PublicAddress
from kgpub.site.making import Asked
from kgpub.vocabulary import DCAT, RDF
from kgpub.vocabulary import terms as kg

APACHE = shutil.which("apache2") or shutil.which("httpd", path="/usr/sbin:/usr/local/sbin")
MODULES = next(
    (each for each in map(Path, ("/usr/lib/apache2/modules", "/usr/lib64/httpd/modules"))
     if each.is_dir()), None,
)  # fmt: skip
pytestmark = pytest.mark.skipif(
    APACHE is None or MODULES is None, reason="apache2 (Debian: apache2) is not installed"
)
BASE = "https://example.org/données/"
PEOPLE = (
    "مصطفى",
    "plain",
    "Case",
    "case",
    "50%25",
    "a%20b",
    "m%41",
    "q%22%0AOptions%20x",
    "it's(so)!",
    "x.ttl",
    "deep/er",
    "a~b",
)
"""Behind the folder of people, as IRIs have them."""
BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"
FORMS = {"text/turtle": "turtle", "application/ld+json": "json-ld", "application/n-triples": "nt"}
PLACES = ("", "some/where/")
"""Where the site lies below the root of the host."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    graph = NamedNode(f"{BASE}submission/one")
    types = {graph: kg.Submission, NamedNode(f"{BASE}dataset"): DCAT + "Dataset"}
    types |= {NamedNode(f"{BASE}person/{each}"): kg.Person for each in PEOPLE}
    quads = [
        Quad(each, NamedNode(RDF + "type"), NamedNode(of), graph) for each, of in types.items()
    ]
    for each in types:
        quads.append(Quad(each, NamedNode(kg.name), Literal("Somebody", language="en"), graph))
        quads.append(Quad(graph, NamedNode(kg.describes), each, graph))
    root = tmp_path_factory.mktemp("apache") / "workspace"
    at = PublicAddress.of_text("https://host.example/some/where/")
    return written(of_odd_quads(root, BASE, quads), Asked(at=at)).folder


@pytest.fixture(scope="module")
def host(site: Path) -> Iterator[str]:
    """The address of Apache, with the site at each of PLACES."""
    with tempfile.TemporaryDirectory(prefix="kgpub-apache-") as made:
        folder = Path(made)
        folder.chmod(0o755)  # Apache gives up the rights of root
        shutil.copytree(site, folder / "root")
        shutil.copytree(site, folder / "root" / PLACES[1])
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        (folder / "apache.conf").write_text(_configuration(folder, port), encoding="utf-8")
        call = [str(APACHE), "-d", made, "-f", "apache.conf"]
        subprocess.run([*call, "-t"], check=True, capture_output=True)
        process = subprocess.Popen([*call, "-DFOREGROUND"], stderr=subprocess.DEVNULL)
        try:
            _wait(port, process, folder)
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()
            process.wait(20)


def _configuration(folder: Path, port: int) -> str:
    built_in = subprocess.run([str(APACHE), "-l"], capture_output=True, text=True, check=True)
    names = ("mpm_event", "authz_core", "unixd", "mime", "dir", "headers", "rewrite")
    loaded = "".join(
        f"LoadModule {name}_module {MODULES}/mod_{name}.so\n"
        for name in names
        if f"mod_{name}.c" not in built_in.stdout
    )
    user = "User nobody\nGroup #65534\n" if os.geteuid() == 0 else ""
    return f"""{loaded}{user}Listen 127.0.0.1:{port}
ServerName 127.0.0.1
PidFile pid
ErrorLog error.log
Mutex file:{folder}
TypesConfig /dev/null
AddType text/html .html
DocumentRoot root
<Directory {folder}/root>
AllowOverride All
Require all granted
</Directory>
"""


def _wait(port: int, process: subprocess.Popen[bytes], folder: Path) -> None:
    for _ in range(400):
        assert process.poll() is None, (folder / "error.log").read_text()
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("Apache does not listen")


def address_of(person: str) -> str:
    """Where the IRI of a person is on a host: as a URI (RFC 3987, section 3.1)."""
    return quote(f"données/person/{person}", safe="/%~!*'()")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("person", PEOPLE)
def test_an_iri_leads_to_its_page_in_the_language_and_to_its_data(
    host: str, site: Path, place: str, person: str
) -> None:
    iri = f"{BASE}person/{person}"
    at = host + place + address_of(person)
    for language, ending in (("", "en"), ("ar-IQ,en;q=0.5", "ar"), ("ku", "ckb"), ("fr, ar", "en")):
        got = fetch(at, Accept=BROWSER, Accept_Language=language)
        assert got.status == 303, at
        page = urljoin(at, got.headers["location"])
        own = Addresses(BASE, static=True).page(iri, ending)
        assert unquote(page) == unquote(f"{host}{place}{own}")
        shown = fetch(page)
        assert (shown.status, shown.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert shown.body == (site / unquote(own or "")).read_bytes()
        assert iri in parsed(site, unquote(own or "")).xpath("//footer//code/text()")
    for accept, form in FORMS.items():
        got = fetch(at, Accept=accept)
        assert got.status == 303
        data = fetch(urljoin(at, got.headers["location"]))
        assert data.status == 200 and data.headers["content-type"].startswith(accept)
        told = Graph().parse(data=data.body, format=form)
        assert (URIRef(iri), None, None) in told


@pytest.mark.parametrize("place", PLACES)
def test_lists_the_dataset_and_the_vocabulary(host: str, place: str) -> None:
    for path, accept, target in (
        ("", BROWSER, "index.ar.html"),
        ("données/", BROWSER, "index.ar.html"),
        ("données/", "text/turtle", "données/dataset.ttl"),
        ("données/person/", BROWSER, "données/person/index.ar.html"),
        ("données/person", BROWSER, "données/person/index.ar.html"),
        ("ontology", BROWSER, "ontology.ar.html"),
        ("kind", "text/turtle", "kind.ttl"),
    ):
        at = f"{host}{place}{quote(path)}"
        got = fetch(at, Accept=accept, Accept_Language="ar")
        assert got.status == 303, path
        assert unquote(urljoin(at, got.headers["location"])) == f"{host}{place}{target}"
        assert fetch(f"{host}{place}{quote(target)}").status == 200


@pytest.mark.parametrize("place", PLACES)
def test_every_file_is_given_as_it_is_whatever_is_accepted(
    host: str, site: Path, place: str
) -> None:
    files = {path: each for path, each in content(site).items() if path != ".htaccess"}
    assert len(files) > 100
    for path, expected in files.items():
        got = fetch(f"{host}{place}{quote(path)}", Accept="text/turtle", Accept_Language="ar")
        assert (got.status, got.body) == (200, expected), path
        assert "'none'" in got.headers["content-security-policy"]
        assert got.headers["x-content-type-options"] == "nosniff"


def test_what_is_missing_has_the_page_of_the_site(host: str, site: Path) -> None:
    for path in ("nothing", "données/person/nobody", "données/person/nobody/more"):
        got = fetch(f"{host}some/where/{quote(path)}", Accept=BROWSER)
        assert got.status == 404
        assert got.body == (site / "404.html").read_bytes()
    assert urlsplit(host).hostname == "127.0.0.1"
