"""Saved queries as a REST interface, and its description."""
