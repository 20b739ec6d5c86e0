"""The page on which facts are written, `/submit`, and what its script reads: articles, schemas."""
