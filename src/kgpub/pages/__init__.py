"""Quads as HTML: the pages that service and site share, byte for byte."""
