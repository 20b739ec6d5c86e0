"""The query page beside an endpoint, over what the repository publishes and what would hurt."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse
from tests.service.served import running as served
from tests.service.sparql_served import publish

from kgpub.pages.rendering import Site
from kgpub.service.application import application
from kgpub.service.linked_data.assets import asset_route
from kgpub.service.query_page.assets import FOLDER
from kgpub.service.query_page.routes import query_routes
from kgpub.service.sparql.cache import Cache
from kgpub.service.sparql.endpoint import Endpoint
from kgpub.service.sparql.limits import DEFAULT_QUERY_LIMITS
from kgpub.service.sparql.pool import Generation, Pool
from kgpub.service.sparql.published import running
from kgpub.service.sparql.worker import Settings
from kgpub.store.embedded import Generations
from kgpub.store.named_queries import catalogue
from kgpub.vocabulary import prefixes

REPOSITORY = Path(__file__).parents[2]
BASE = "https://w3id.org/kgpub/data/"
KG = "https://w3id.org/kgpub/ontology#"
HOSTILE = (
    "<script>window.hurt = 1</script>",
    '<img src="x" onerror="window.hurt = 1">',
    '"><svg onload="window.hurt = 1">',
    "</textarea></script><script>window.hurt = 1</script>",
)
HOSTILE_IRIS = ("javascript:window.hurt=1", "data:text/html,hurt")


@lru_cache(maxsize=1)
def quads() -> tuple[Quad, ...]:
    """What the repository publishes, and names and IRIs that would hurt a careless page."""
    read = list(parse(path=str(REPOSITORY / "output/dataset.nq"), format=RdfFormat.N_QUADS))
    about = NamedNode(f"{BASE}topic/hostile")
    for text in HOSTILE:
        read.append(Quad(about, NamedNode(f"{KG}name"), Literal(text, language="en")))
    for iri in HOSTILE_IRIS:
        read.append(Quad(about, NamedNode(f"{KG}about"), NamedNode(iri)))
        read.append(Quad(NamedNode(iri), NamedNode(f"{KG}about"), about))
    union = (Quad(each.subject, each.predicate, each.object, DefaultGraph()) for each in read)
    return (*read, *union)


@contextmanager
def query_page(folder: Path, editor: Path = FOLDER) -> Iterator[str]:
    """Serve the page with the files of `editor`, and yield the origin."""
    publish(folder, quads())
    generations = Generations(folder)
    known = prefixes(BASE)

    def look() -> Generation:
        current = generations.current()
        assert current is not None
        settings = Settings(str(current), BASE, known, DEFAULT_QUERY_LIMITS.memory)
        return Generation(generations.fingerprint(), settings)

    pool = Pool(look, DEFAULT_QUERY_LIMITS)
    endpoint = Endpoint(pool, Cache(DEFAULT_QUERY_LIMITS.cache), DEFAULT_QUERY_LIMITS, "Test")
    site = Site(BASE, "<b>What an article states</b>", "kgpub", "https://example.org/licence")
    page = query_routes(site, known, lambda: catalogue([REPOSITORY / "queries"]), folder=editor)
    routes = [*endpoint.routes(), *page, asset_route()]
    with served(application(routes, running(pool))) as origin:
        yield origin
