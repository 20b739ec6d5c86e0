"""Tokens: who may do more than read, kept as digests, with scopes and an end."""
