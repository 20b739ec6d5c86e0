"""A folder for any static host: the pages of the service, and what stands in for its server."""
