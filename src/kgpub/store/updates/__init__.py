"""SPARQL 1.1 Update on a store some of whose graphs may not be changed."""
