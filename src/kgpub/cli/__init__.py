"""The command line."""

from __future__ import annotations

import gc
import os
import sys


def collect_less_often() -> None:
    """Have Python look for unreachable cycles less often: a build makes many nodes, few cycles.

    With Python's own thresholds a fifth of a build goes into looking. For processes of kgpub's
    own; a program that imports kgpub decides for itself.
    """
    gc.set_threshold(50_000, 20, 100)


def main() -> None:
    """Run kgpub; exit code 0: fine, 1: the data is at fault, 2: the call or its surroundings."""
    try:
        # Ctrl-C may come while anything is imported.
        from kgpub.cli.streams import prepare

        prepare()
        _run()
    except KeyboardInterrupt:
        sys.exit(130)


def _run() -> None:
    if os.environ.get("COLUMNS") == "0":
        # Some shells say so where they do not know; rich would print nothing.
        del os.environ["COLUMNS"]
    # They take longer to import than many commands to run; Ctrl-C may come meanwhile.
    from rich.text import Text

    from kgpub.cli.app import app
    from kgpub.cli.options import language_of, tell
    from kgpub.cli.rendering import error_text, refusal_text
    from kgpub.errors import KgpubError, SubmissionErrors
    from kgpub.reporting.text import printable

    collect_less_often()
    try:
        app()
    except SubmissionErrors as errors:
        tell(refusal_text(errors, language_of(None)))
        sys.exit(errors.exit_code)
    except KgpubError as error:
        tell(error_text(error, language_of(None)))
        sys.exit(error.exit_code)
    except OSError as error:
        where = printable(str(error.filename or "standard output"))
        if isinstance(error, FileNotFoundError) and error.filename is None:
            where = "the working folder"
        tell(Text(f"kgpub: {where}: {error.strerror}\n"))
        sys.exit(2)
