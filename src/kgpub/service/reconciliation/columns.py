"""The properties of a workspace's entities, and the SPARQL that finds their values.

In each query `?entity` is bound to an entity, `?language` to a language tag. `found_by` is the
other way round: the entities with a value that is bound to `?value`.
"""

from __future__ import annotations

from dataclasses import dataclass

from kgpub.linking.entity import Type
from kgpub.vocabulary import terms as kg

ENTITIES = """
SELECT ?entity ?class ?property ?name {
  VALUES ?class { kg:Person kg:Organisation kg:Office kg:Place }
  ?entity a ?class .
  OPTIONAL {
    VALUES ?property { kg:name kg:alternativeName }
    ?entity ?property ?name
  }
} ORDER BY ?entity DESC(?property) LANG(?name) STR(?name)
"""
EVENTS = """
SELECT ?entity ?time {
  ?entity a kg:Event .
  FILTER NOT EXISTS { ?entity kg:negated true }
  OPTIONAL { ?entity kg:time|kg:start ?time }
} ORDER BY ?entity ?time
"""
PARTICIPANTS = """
SELECT DISTINCT ?entity ?participant {
  ?entity a kg:Event ; kg:participation/kg:participant ?participant .
} ORDER BY ?entity ?participant
"""
KINDS = """
SELECT ?entity ?kind {
  VALUES ?class { kg:Person kg:Organisation kg:Office kg:Place kg:Event }
  ?entity a ?class ; kg:kind ?kind .
} ORDER BY ?entity ?kind
"""
KIND_LABELS = "SELECT ?kind ?label { ?kind a skos:Concept ; skos:prefLabel ?label }"
ITEMS = "SELECT ?entity ?item { ?entity owl:sameAs ?item } ORDER BY ?entity ?item"
GROUP_NAMES = """
SELECT ?entity ?name {
  VALUES ?class { kg:Group kg:Topic }
  ?entity a ?class ; kg:name ?name .
} ORDER BY ?entity LANG(?name) STR(?name)
"""

_NAMES = """
SELECT DISTINCT ?value { ?entity kg:name ?value } ORDER BY LANG(?value) STR(?value)
"""
_NAMES_IN = """
SELECT DISTINCT ?value {
  ?entity kg:name ?value FILTER (LANGMATCHES(LANG(?value), ?language))
} ORDER BY STR(?value)
"""
_OTHER_NAMES = """
SELECT DISTINCT ?value { ?entity kg:alternativeName ?value } ORDER BY LANG(?value) STR(?value)
"""
_SPELLINGS = """
SELECT DISTINCT ?value { ?entity kg:spelling ?value } ORDER BY LANG(?value) STR(?value)
"""
_KIND = "SELECT DISTINCT ?value { ?entity kg:kind ?value } ORDER BY ?value"
_WIKIDATA = "SELECT DISTINCT ?value { ?entity owl:sameAs ?value } ORDER BY ?value"
_OFFICES = """
SELECT DISTINCT ?value {
  { ?tenure a kg:Tenure ; kg:person ?entity ; kg:office ?value }
  UNION
  { ?tenure a kg:Event ; kg:office ?value FILTER (?tenure = ?entity) }
  FILTER NOT EXISTS { ?tenure kg:negated true }
} ORDER BY ?value
"""
_BY_OFFICE = """
SELECT DISTINCT ?found {
  ?tenure kg:office ?value .
  FILTER NOT EXISTS { ?tenure kg:negated true }
  { ?tenure a kg:Tenure ; kg:person ?found } UNION { ?tenure a kg:Event BIND (?tenure AS ?found) }
} ORDER BY ?found
"""
_HOLDERS = """
SELECT DISTINCT ?value {
  ?tenure a kg:Tenure ; kg:office ?entity ; kg:person ?value .
  FILTER NOT EXISTS { ?tenure kg:negated true }
} ORDER BY ?value
"""
_BY_HOLDER = """
SELECT DISTINCT ?found {
  ?tenure a kg:Tenure ; kg:person ?value ; kg:office ?found .
  FILTER NOT EXISTS { ?tenure kg:negated true }
} ORDER BY ?found
"""
_TENURES = """
SELECT DISTINCT ?value ?start ?end ?time {
  { ?tenure a kg:Tenure ; kg:person ?entity ; kg:office ?value }
  UNION
  { ?tenure a kg:Tenure ; kg:office ?entity ; kg:person ?value }
  FILTER NOT EXISTS { ?tenure kg:negated true }
  OPTIONAL { ?tenure kg:start ?start }
  OPTIONAL { ?tenure kg:end ?end }
  OPTIONAL { ?tenure kg:time ?time }
} ORDER BY COALESCE(STR(?start), STR(?time), STR(?end), "9999") ?value
"""
_ORGANISATIONS = """
SELECT DISTINCT ?value {
  { ?entity kg:organisation ?value }
  UNION
  {
    ?fact a kg:Membership ; kg:person ?entity ; kg:organisation ?value .
    FILTER NOT EXISTS { ?fact kg:negated true }
  }
} ORDER BY ?value
"""
_BY_ORGANISATION = """
SELECT DISTINCT ?found {
  { ?found a kg:Office ; kg:organisation ?value }
  UNION
  {
    ?fact a kg:Membership ; kg:organisation ?value ; kg:person ?found .
    FILTER NOT EXISTS { ?fact kg:negated true }
  }
} ORDER BY ?found
"""
_JURISDICTION = "SELECT DISTINCT ?value { ?entity kg:jurisdiction ?value } ORDER BY ?value"
_BY_JURISDICTION = "SELECT DISTINCT ?found { ?found kg:jurisdiction ?value } ORDER BY ?found"
_TIMES = "SELECT DISTINCT ?value { ?entity kg:time|kg:start|kg:end ?value } ORDER BY STR(?value)"
_IN_EVENT = """
SELECT DISTINCT ?value { ?entity kg:participation/kg:participant ?value } ORDER BY ?value
"""
_BY_PARTICIPANT = """
SELECT DISTINCT ?found {
  ?found a kg:Event ; kg:participation/kg:participant ?value
} ORDER BY ?found
"""
_PLACES = """
SELECT DISTINCT ?value {
  ?entity kg:place|kg:origin|kg:via|kg:destination ?value
} ORDER BY ?value
"""
_BY_PLACE = """
SELECT DISTINCT ?found {
  ?found a kg:Event ; kg:place|kg:origin|kg:via|kg:destination ?value
} ORDER BY ?found
"""
_WORDS = """
SELECT DISTINCT ?value {
  { ?statement kg:about|kg:topic|kg:addressee|kg:saidBy|kg:asserts ?entity }
  UNION
  { ?statement kg:asserts ?what . ?what ?property ?entity }
  UNION
  { ?statement kg:asserts ?what . ?what kg:participation/kg:participant ?entity }
  ?statement kg:words ?value ; kg:article ?article ; kg:passage/oa:start ?at .
} ORDER BY ?article ?at STR(?value)
"""
_ARTICLES = """
SELECT DISTINCT ?value {
  { ?statement kg:about|kg:topic|kg:addressee|kg:saidBy|kg:asserts ?entity }
  UNION
  { ?statement kg:asserts ?what . ?what ?property ?entity }
  UNION
  { ?statement kg:asserts ?what . ?what kg:participation/kg:participant ?entity }
  ?statement kg:article ?value .
} ORDER BY ?value
"""


@dataclass(frozen=True)
class Column:
    """A property. `term` names it; it is of entities of the `types`, and its values of `target`.

    `language` narrows names; `found_by` is "" where nothing is looked for by a value.
    """

    id: str
    term: str
    sparql: str
    types: frozenset[Type] = frozenset(Type)
    target: Type | None = None
    language: str = ""
    found_by: str = ""


_ONE = {type_: frozenset((type_,)) for type_ in Type}
_PERSON_OR_OFFICE = frozenset((Type.person, Type.office))
_NAMED = frozenset(Type) - {Type.event}

WIKIDATA_COLUMN = "wikidata"
TENURE_COLUMN = "tenure"
KIND_COLUMN = "kind"
WORDS_COLUMN = "words"
COLUMNS = (
    Column("name", kg.name, _NAMES, _NAMED),
    Column("name-en", kg.name, _NAMES_IN, _NAMED, language="en"),
    Column("name-ar", kg.name, _NAMES_IN, _NAMED, language="ar"),
    Column("name-ckb", kg.name, _NAMES_IN, _NAMED, language="ckb"),
    Column("alternativeName", kg.alternativeName, _OTHER_NAMES, _NAMED),
    Column("spelling", kg.spelling, _SPELLINGS, _NAMED),
    Column(KIND_COLUMN, kg.kind, _KIND),
    Column(WIKIDATA_COLUMN, kg.wikidata, _WIKIDATA),
    Column(
        "office",
        kg.office,
        _OFFICES,
        frozenset((Type.person, Type.event)),
        Type.office,
        found_by=_BY_OFFICE,
    ),
    Column(TENURE_COLUMN, kg.Tenure, _TENURES, _PERSON_OR_OFFICE),
    Column("person", kg.person, _HOLDERS, _ONE[Type.office], Type.person, found_by=_BY_HOLDER),
    Column(
        "organisation",
        kg.organisation,
        _ORGANISATIONS,
        _PERSON_OR_OFFICE,
        Type.organisation,
        found_by=_BY_ORGANISATION,
    ),
    Column(
        "jurisdiction",
        kg.jurisdiction,
        _JURISDICTION,
        _ONE[Type.office],
        Type.place,
        found_by=_BY_JURISDICTION,
    ),
    Column("time", kg.time, _TIMES, _ONE[Type.event]),
    Column("participant", kg.participant, _IN_EVENT, _ONE[Type.event], found_by=_BY_PARTICIPANT),
    Column("place", kg.place, _PLACES, _ONE[Type.event], Type.place, found_by=_BY_PLACE),
    Column(WORDS_COLUMN, kg.words, _WORDS),
    Column("article", kg.article, _ARTICLES),
)
