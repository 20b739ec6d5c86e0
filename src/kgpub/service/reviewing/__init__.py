"""Submissions shown to those who decide about them, and published once they are accepted."""
