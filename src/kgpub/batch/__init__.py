"""Any number of articles with their submissions, as a stream, on all cores."""
