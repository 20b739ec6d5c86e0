"""Releases put into any SPARQL 1.1 store, so that its readers see the old one or the new."""
