"""What the parts make together: a dataset read, validated, stored and written out."""
