"""HTTP as all parts of the service speak it (RFC 9110)."""
