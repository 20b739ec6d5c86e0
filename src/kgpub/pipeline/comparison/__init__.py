"""Facts against facts: how what a submission says stands to what is published already."""

from kgpub.pipeline.comparison.comparing import compare, compare_files
from kgpub.pipeline.comparison.identity import Identity, identities
from kgpub.pipeline.comparison.sound import sound

__all__ = ["Identity", "compare", "compare_files", "identities", "sound"]
