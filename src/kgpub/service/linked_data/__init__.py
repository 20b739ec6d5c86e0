"""Linked data: a page and a machine-readable description behind every IRI of a workspace."""
