"""Reconciliation (Reconciliation Service API 0.2): names of others to what is published."""
