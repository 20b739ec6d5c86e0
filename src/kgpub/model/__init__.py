"""The values that flow through kgpub, frozen."""
