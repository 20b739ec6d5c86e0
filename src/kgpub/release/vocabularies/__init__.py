"""The same facts in other vocabularies, each made by the queries of a folder here.

`facts-only` keeps kgpub's own terms and leaves out who says what; `schema-org`, `popolo` and
`wikidata` have terms of others; `nanopublications` are one for each fact. A query makes triples
(CONSTRUCT), or quads where it selects ?subject, ?predicate, ?object and ?graph, or it counts what a
vocabulary leaves out (`left-out*.rq`). All are asked of the union of the dataset's graphs; `data:`
is the base of its IRIs.
"""

from kgpub.release.vocabularies.contents import contents, contents_of

__all__ = ["contents", "contents_of"]
