"""Wikidata itself, asked over the network or from what is kept of its answers.

A question is answered from the cache where it can be, else by Wikidata's API and its SPARQL
endpoint if the network may be used. Nothing here goes online unless a `Client` is passed in.
"""
