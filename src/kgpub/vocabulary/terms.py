"""The ontology's terms as a closed namespace: `from kgpub.vocabulary import terms as kg`.

Each constant is the IRI (a string) of the term of the same name in `ontology/kgpub.ttl`, so
`kg.Tenure` is the class and `kg.person` the property. A name that the ontology does not declare
is an error to the type checker and an AttributeError at run time. A test keeps this module and
the ontology the same in both directions; nothing is read from a file at import.
"""

from __future__ import annotations

from typing import Final

from kgpub.vocabulary import KG

# Classes

Entity: Final = KG + "Entity"
Person: Final = KG + "Person"
Organisation: Final = KG + "Organisation"
Office: Final = KG + "Office"
Place: Final = KG + "Place"
Group: Final = KG + "Group"
Topic: Final = KG + "Topic"
Situation: Final = KG + "Situation"
Fact: Final = KG + "Fact"
Tenure: Final = KG + "Tenure"
Membership: Final = KG + "Membership"
Residence: Final = KG + "Residence"
Relationship: Final = KG + "Relationship"
Occupation: Final = KG + "Occupation"
Stance: Final = KG + "Stance"
Holding: Final = KG + "Holding"
Characterisation: Final = KG + "Characterisation"
Statement: Final = KG + "Statement"
Quotation: Final = KG + "Quotation"
Event: Final = KG + "Event"
Participation: Final = KG + "Participation"
Article: Final = KG + "Article"
Submission: Final = KG + "Submission"
Passage: Final = KG + "Passage"
Link: Final = KG + "Link"
Contradiction: Final = KG + "Contradiction"
Retraction: Final = KG + "Retraction"
Acceptance: Final = KG + "Acceptance"

# Properties: submissions and articles

article: Final = KG + "article"
contributor: Final = KG + "contributor"
submitted: Final = KG + "submitted"
file: Final = KG + "file"
checksum: Final = KG + "checksum"
describes: Final = KG + "describes"
records: Final = KG + "records"
title: Final = KG + "title"
language: Final = KG + "language"
publisher: Final = KG + "publisher"
published: Final = KG + "published"
source: Final = KG + "source"
text: Final = KG + "text"

# Properties: names and particulars of entities

name: Final = KG + "name"
alternativeName: Final = KG + "alternativeName"
spelling: Final = KG + "spelling"
kind: Final = KG + "kind"
wikidata: Final = KG + "wikidata"
evidence: Final = KG + "evidence"
organisation: Final = KG + "organisation"
jurisdiction: Final = KG + "jurisdiction"
singleHolder: Final = KG + "singleHolder"

# Properties: statements

words: Final = KG + "words"
attributionWords: Final = KG + "attributionWords"
saidBy: Final = KG + "saidBy"
medium: Final = KG + "medium"
addressee: Final = KG + "addressee"
about: Final = KG + "about"
topic: Final = KG + "topic"
asserts: Final = KG + "asserts"
passage: Final = KG + "passage"
attributionPassage: Final = KG + "attributionPassage"

# Properties: time, negation and circumstances, of facts and events alike

negated: Final = KG + "negated"
current: Final = KG + "current"
start: Final = KG + "start"
end: Final = KG + "end"
time: Final = KG + "time"
dayOfWeek: Final = KG + "dayOfWeek"
earliest: Final = KG + "earliest"
latest: Final = KG + "latest"
certainFrom: Final = KG + "certainFrom"
certainUntil: Final = KG + "certainUntil"
ordinal: Final = KG + "ordinal"
countedSince: Final = KG + "countedSince"
manner: Final = KG + "manner"
reason: Final = KG + "reason"
purpose: Final = KG + "purpose"
means: Final = KG + "means"
after: Final = KG + "after"
before: Final = KG + "before"
until: Final = KG + "until"
during: Final = KG + "during"
despite: Final = KG + "despite"

# Properties: facts

person: Final = KG + "person"
office: Final = KG + "office"
organisationKind: Final = KG + "organisationKind"
role: Final = KG + "role"
resident: Final = KG + "resident"
place: Final = KG + "place"
between: Final = KG + "between"
subject: Final = KG + "subject"
object: Final = KG + "object"
holder: Final = KG + "holder"
target: Final = KG + "target"
content: Final = KG + "content"
quantity: Final = KG + "quantity"
description: Final = KG + "description"

# Properties: events

participation: Final = KG + "participation"
participant: Final = KG + "participant"
origin: Final = KG + "origin"
destination: Final = KG + "destination"
via: Final = KG + "via"

# Properties: links to Wikidata

linkedEntity: Final = KG + "linkedEntity"
linkedItem: Final = KG + "linkedItem"
method: Final = KG + "method"
score: Final = KG + "score"
lookedUpIn: Final = KG + "lookedUpIn"
decided: Final = KG + "decided"

# Properties: contradictions

contradictory: Final = KG + "contradictory"
incompatible: Final = KG + "incompatible"

# Properties: retractions

retracts: Final = KG + "retracts"
retractedFrom: Final = KG + "retractedFrom"
retractedOn: Final = KG + "retractedOn"
retractionReason: Final = KG + "retractionReason"
retractedBy: Final = KG + "retractedBy"

# Properties: acceptance

acceptance: Final = KG + "acceptance"
acceptedBy: Final = KG + "acceptedBy"
acceptedOn: Final = KG + "acceptedOn"
acceptanceRemark: Final = KG + "acceptanceRemark"
shapesChecksum: Final = KG + "shapesChecksum"
submittedBy: Final = KG + "submittedBy"
editedBy: Final = KG + "editedBy"
