"""The web application: what is published, and gazetteers, offered to programs over HTTP."""
