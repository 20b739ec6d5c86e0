"""The search of the service: an index of each build in a file, pages and an API that ask it."""
