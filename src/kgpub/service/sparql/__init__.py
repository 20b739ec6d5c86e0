"""SPARQL 1.1 Protocol over HTTP, evaluated in processes that can be ended at any moment."""
