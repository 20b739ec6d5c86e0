"""A dataset made by hand: what is told as so, and in each way what is not."""

from __future__ import annotations

from pyoxigraph import Quad, RdfFormat, Store, parse

from kgpub.store.queries import EmbeddedStore
from kgpub.vocabulary import resource

BASE = "https://example.org/data/"
PREFIXES = f"""
@prefix : <{BASE}> .
@prefix kg: <https://w3id.org/kgpub/ontology#> .
@prefix kind: <https://w3id.org/kgpub/kind#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix dc: <http://purl.org/dc/elements/1.1/> .
"""
ENTITIES = """
:aram a kg:Person ; kg:name "Aram"@en , "ئارام"@ckb ; kg:spelling "آرام"@ar ; owl:sameAs wd:Q1 .
:baran a kg:Person ; kg:name "باران"@ckb ; kg:wikidata wd:Q9 ; kg:evidence "a guess" .
:twofold a kg:Person ; kg:name "Twofold"@en ; owl:sameAs wd:Q2 , wd:Q3 .
:paper a kg:Organisation ; kg:name "Paper"@en ; kg:kind kind:media-outlet .
:party a kg:Organisation ; kg:name "Party"@en ; kg:kind kind:political-party .
:wing a kg:Organisation ; kg:name "Wing"@en ; kg:kind kind:political-party .
:cabinet a kg:Organisation ; kg:name "Cabinet"@en ; kg:kind kind:cabinet .
:premier a kg:Office ; kg:name "Premier"@en ; kg:organisation :cabinet ; kg:jurisdiction :land .
:land a kg:Place ; kg:name "Land"@en ; kg:kind kind:country ; owl:sameAs wd:Q4 .
:town a kg:Place ; kg:name "Town"@en ; kg:kind kind:city .
:clan a kg:Group ; kg:name "Clan"@en ; kg:kind kind:family .
:article a kg:Article ; kg:title "Title"@en ; kg:language "en" ; kg:publisher :paper ;
    kg:published "2020-05-07"^^edtf:EDTF ; kg:source <https://example.org/news> .
:journal a kg:Organisation ; kg:name "Journal"@en ; kg:kind kind:media-outlet .
:second a kg:Article ; kg:title "Second"@en ; kg:language "en" ; kg:publisher :journal .
:submission a kg:Submission ; kg:article :article ; kg:contributor "Somebody" ;
    kg:submitted "2026-01-02"^^xsd:date .
:dataset dcterms:license <https://example.org/licence> ; dc:publisher "Publisher" .
"""

Told = tuple[str, str]
"""A fact in Turtle without its subject, and who says it: "paper", a person, or "" for nobody."""

FACTS: dict[str, Told] = {
    # What is told as so.
    "tenure": (
        """a kg:Tenure ; kg:person :aram ; kg:office :premier ; kg:start "2016"^^edtf:EDTF ;
        kg:end "2018-05"^^edtf:EDTF ; kg:earliest "2016-01-01"^^xsd:date ;
        kg:latest "2018-05-31"^^xsd:date""",
        "paper",
    ),
    "employment": (
        """a kg:Occupation ; kg:person :aram ; kg:kind kind:journalism ; kg:organisation :paper ;
        kg:time "2006"^^edtf:EDTF ; kg:earliest "2006-01-01"^^xsd:date ;
        kg:latest "2006-12-31"^^xsd:date""",
        "paper",
    ),
    "practice": (
        "a kg:Occupation ; kg:person :aram ; kg:kind kind:journalism ; kg:organisation :paper",
        "paper",
    ),
    "residence": (
        """a kg:Residence ; kg:resident :aram , :clan ; kg:place :town ;
        kg:start "2003/.."^^edtf:EDTF ; kg:earliest "2003-01-01"^^xsd:date""",
        "paper",
    ),
    "birth": (
        """a kg:Event ; kg:kind kind:birth ; kg:time "1967-07-05"^^edtf:EDTF ; kg:place :town ;
        kg:participation :born""",
        "paper",
    ),
    "spring": (
        """a kg:Tenure ; kg:person :twofold ; kg:office :premier ; kg:start "2010-21"^^edtf:EDTF ;
        kg:earliest "2010-03-01"^^xsd:date""",
        "paper",
    ),
    "marriage": (
        "a kg:Relationship ; kg:kind kind:marriage ; kg:between :aram , :baran",
        "paper",
    ),
    "part": (
        "a kg:Relationship ; kg:kind kind:part-of ; kg:subject :wing ; kg:object :party",
        "paper",
    ),
    "member": (
        """a kg:Membership ; kg:person :aram ; kg:organisation :wing ; kg:role kind:member ;
        kg:start "1999?"^^edtf:EDTF ; kg:earliest "1999-01-01"^^xsd:date""",
        "paper",
    ),
    "praise": ("a kg:Stance ; kg:kind kind:praises ; kg:holder :aram ; kg:target :land", "paper"),
    # What is told as not so, or not told as so.
    "non-membership": (
        "a kg:Membership ; kg:negated true ; kg:person :aram ; kg:organisation :party",
        "paper",
    ),
    "no-visit": (
        """a kg:Event ; kg:negated true ; kg:kind kind:visit ; kg:place :land ;
        kg:participation :visitor""",
        "paper",
    ),
    "contradicted": (
        "a kg:Membership ; kg:person :baran ; kg:organisation :party ; kg:role kind:member",
        "paper",
    ),
    "denied": ("a kg:Tenure ; kg:person :baran ; kg:office :premier", "paper"),
    "denial": (
        "a kg:Stance ; kg:kind kind:denies ; kg:holder :baran ; kg:target :denied",
        "paper",
    ),
    "war": ("a kg:Event ; kg:kind kind:attack ; kg:place :land", "paper"),
    "call": ("a kg:Stance ; kg:kind kind:calls-for ; kg:holder :baran ; kg:target :war", "paper"),
    "quoted": ("a kg:Residence ; kg:resident :baran ; kg:place :land", "baran"),
    "retracted": (
        "a kg:Occupation ; kg:person :baran ; kg:kind kind:law ; kg:organisation :cabinet",
        "",
    ),
    "candidacy": (
        """a kg:Membership ; kg:person :baran ; kg:organisation :wing ;
        kg:role kind:candidate-member""",
        "paper",
    ),
    "ended": (
        """a kg:Tenure ; kg:person :baran ; kg:office :premier ; kg:end "2014~"^^edtf:EDTF ;
        kg:latest "2014-12-31"^^xsd:date""",
        "paper",
    ),
    # The paper tells that it happened; all else is told in the journal, by Baran or by itself.
    "attack": (
        "a kg:Event ; kg:kind kind:attack ; kg:place :town ; kg:participation :culprit",
        "paper",
    ),
    "meeting": ("a kg:Event ; kg:kind kind:meeting ; kg:participation :guest", "paper"),
}
PARTS = """
:born a kg:Participation ; kg:role kind:subject-of-event ; kg:participant :aram .
:visitor a kg:Participation ; kg:role kind:guest ; kg:participant :aram .
:culprit a kg:Participation ; kg:role kind:perpetrator ; kg:participant :aram .
:guest a kg:Participation ; kg:role kind:attendee ; kg:participant :baran .
:accusation a kg:Quotation ; kg:asserts :attack ; kg:saidBy :baran ; kg:article :second ;
    kg:words "attacked"@en .
:report a kg:Statement ; kg:asserts :meeting ; kg:saidBy :journal ; kg:article :second ;
    kg:words "met"@en .
:submission kg:records :accusation , :report .
:mark a kg:Contradiction ; kg:kind kind:denied ; kg:contradictory :said-contradicted ;
    kg:incompatible :contradicted .
"""
UNTOLD = (
    *("non-membership", "no-visit", "contradicted", "denied", "war", "quoted", "retracted"),
    *("ended", "attack", "meeting"),
)


def turtle(facts: dict[str, Told] = FACTS) -> str:
    """Return the dataset as Turtle."""
    text = [PREFIXES, ENTITIES, PARTS]
    for name, (fact, speaker) in facts.items():
        text.append(f":{name} {fact} .")
        if speaker:
            class_ = "Statement" if speaker == "paper" else "Quotation"
            text.append(
                f":said-{name} a kg:{class_} ; kg:asserts :{name} ; kg:saidBy :{speaker} ; "
                f'kg:article :article ; kg:words "{name}"@en . '
                f":submission kg:records :said-{name} ."
            )
    return "\n".join(text)


def store(text: str = "") -> EmbeddedStore:
    """Return a store with the union of the dataset's graphs and the kinds."""
    held = Store()
    held.extend(Quad(*quad.triple) for quad in parse(text or turtle(), format=RdfFormat.TURTLE))
    kinds = str(resource("ontology") / "schemes.ttl")
    held.extend(Quad(*quad.triple) for quad in parse(path=kinds, format=RdfFormat.TURTLE))
    return EmbeddedStore(held)
