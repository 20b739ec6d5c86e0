"""Submissions over HTTP: checked in processes of their own, kept in the queue."""
