"""The version of kgpub."""

__version__ = "0.1.0"
