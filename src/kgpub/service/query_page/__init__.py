"""The query page: `/query` and what its editor needs, below `/assets/query/`."""
