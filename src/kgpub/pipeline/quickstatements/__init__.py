"""What a dataset states and Wikidata may lack, as commands for QuickStatements.

A fact is exported if all that the command says of it is what the article says; every other is left
out and counted by the reason. docs/decisions/quickstatements.md tells the rules.
"""

from kgpub.pipeline.quickstatements.claims import agreed_in, agreed_properties
from kgpub.pipeline.quickstatements.exporting import Export, Reason, export_of, notes

__all__ = ["Export", "Reason", "agreed_in", "agreed_properties", "export_of", "notes"]
