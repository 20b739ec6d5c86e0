"""A workspace's settings: `kgpub.toml`, and the environment for what serves; never at import."""

from kgpub.settings.accounts import AccountSettings
from kgpub.settings.environment import PREFIX, serving, variables
from kgpub.settings.notifying import Notifying
from kgpub.settings.reading import (
    FILENAME,
    MAX_BYTES,
    Settings,
    checked_settings,
    find_workspace,
    read_settings,
)
from kgpub.settings.releasing import Releasing
from kgpub.settings.secret_files import secret_in
from kgpub.settings.serving import Queries, Serving

__all__ = [
    "FILENAME",
    "MAX_BYTES",
    "PREFIX",
    "AccountSettings",
    "Notifying",
    "Queries",
    "Releasing",
    "Serving",
    "Settings",
    "checked_settings",
    "find_workspace",
    "read_settings",
    "secret_in",
    "serving",
    "variables",
]
