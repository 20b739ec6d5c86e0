"""Submissions that wait to be decided: what was received, what became of it, and who said so."""
