"""Names of Arabic, Kurdish and Latin script, and what their spellings have in common."""

from kgpub.names.name import MAX_LENGTH, MAX_READINGS, Name, read, readings

__all__ = ["MAX_LENGTH", "MAX_READINGS", "Name", "read", "readings"]
