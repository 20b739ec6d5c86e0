"""Releases: what a workspace holds, numbered, immutable, compared, translated, loaded elsewhere."""
