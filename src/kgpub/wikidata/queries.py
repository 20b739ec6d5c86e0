"""What the SPARQL endpoint is asked. Items are put in as IRIs, and nothing else can be.

The RDF is that of "Wikibase/Indexing/RDF Dump Format". Dates are asked for with their precision:
the plain value of a year is its first of January. The values stand in the pattern, not after it,
since an engine would else walk the classes of everything.
"""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import NamedNode

from kgpub.wikidata.forms import ENTITY
from kgpub.wikidata.question import Kind, is_item

_PREFIXES = """\
PREFIX wd: <http://www.wikidata.org/entity/>
PREFIX wdt: <http://www.wikidata.org/prop/direct/>
PREFIX p: <http://www.wikidata.org/prop/>
PREFIX ps: <http://www.wikidata.org/prop/statement/>
PREFIX psv: <http://www.wikidata.org/prop/statement/value/>
PREFIX pqv: <http://www.wikidata.org/prop/qualifier/value/>
PREFIX wikibase: <http://wikiba.se/ontology#>
"""

# An office is an instance of position, or itself a kind of one (P279).
TYPES = f"""{_PREFIXES}
SELECT DISTINCT ?item ?class WHERE {{
  VALUES ?item {{ $items }}
  {{ ?item wdt:P31/wdt:P279* ?class FILTER(?class IN ($classes)) }}
  UNION
  {{ ?item wdt:P279+ ?class FILTER(?class IN (wd:Q4164871, wd:Q294414)) }}
}}
"""

OFFICES = f"""{_PREFIXES}
SELECT ?item ?office ?start ?start_precision ?end ?end_precision WHERE {{
  VALUES ?item {{ $items }}
  ?item p:P39 ?statement .
  ?statement ps:P39 ?office ; wikibase:rank ?rank .
  FILTER(?rank != wikibase:DeprecatedRank)
  OPTIONAL {{
    ?statement pqv:P580 ?from .
    ?from wikibase:timeValue ?start ; wikibase:timePrecision ?start_precision .
  }}
  OPTIONAL {{
    ?statement pqv:P582 ?until .
    ?until wikibase:timeValue ?end ; wikibase:timePrecision ?end_precision .
  }}
}}
"""

# Country: its own code, or that of citizenship, country, jurisdiction. Related: member of party,
# employer, part of, located in, member of, headquarters, location, residence, work location, parent
# organisation, owner, founder, head of state, head of government, chairperson, office held by head,
# relative, father, mother, spouse, child, sibling.
FACTS = f"""{_PREFIXES}
SELECT DISTINCT ?item ?about ?value ?precision WHERE {{
  VALUES ?item {{ $items }}
  {{
    ?item p:P569 ?birth . ?birth a wikibase:BestRank ; psv:P569 ?born .
    ?born wikibase:timeValue ?value ; wikibase:timePrecision ?precision .
    BIND("born" AS ?about)
  }} UNION {{
    ?item p:P570 ?death . ?death a wikibase:BestRank ; psv:P570 ?died .
    ?died wikibase:timeValue ?value ; wikibase:timePrecision ?precision .
    BIND("died" AS ?about)
  }} UNION {{
    ?item wdt:P297|((wdt:P27|wdt:P17|wdt:P1001)/wdt:P297) ?value .
    BIND("country" AS ?about)
  }} UNION {{
    ?item wdt:P1082 ?value .
    BIND("population" AS ?about)
  }} UNION {{
    ?item (wdt:P102|wdt:P108|wdt:P361|wdt:P131|wdt:P463|wdt:P159|wdt:P276|wdt:P551|wdt:P937
          |wdt:P749|wdt:P127|wdt:P112|wdt:P35|wdt:P6|wdt:P488|wdt:P2388
          |wdt:P1038|wdt:P22|wdt:P25|wdt:P26|wdt:P40|wdt:P3373) ?value .
    BIND("related" AS ?about)
  }}
}}
"""

QUERIES = {Kind.types: TYPES, Kind.offices: OFFICES, Kind.facts: FACTS}


def bound(query: str, items: Iterable[str], classes: Iterable[str]) -> str:
    """Return `query` with these QIDs as its items and as the classes that it looks for."""
    listed = query.replace("$classes", ", ".join(_term(qid) for qid in classes))
    return listed.replace("$items", " ".join(_term(qid) for qid in items))


def _term(qid: str) -> str:
    """Return the IRI of an item as SPARQL writes it."""
    if not is_item(qid):
        raise ValueError(f"{qid} is no item")
    return str(NamedNode(ENTITY + qid))
