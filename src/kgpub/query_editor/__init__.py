"""What the editor of the query page offers: saved queries as examples, terms to complete."""
