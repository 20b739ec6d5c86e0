"""The command line."""

from __future__ import annotations

import gc
import io
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
    from rich.text import Text

    from kgpub.cli.app import app, err
    from kgpub.cli.rendering import counted, printable, problems_text
    from kgpub.errors import KgpubError, SubmissionErrors

    collect_less_often()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that knows no Arabic shows escapes; it is no reason to fail.
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except SubmissionErrors as errors:
        err.print(problems_text(errors.problems), end="")
        count = sum(problem.severity == "error" for problem in errors.problems)
        err.print(f"refused: {counted(count, 'error')}; nothing was changed")
        sys.exit(errors.exit_code)
    except KgpubError as error:
        err.print(Text(f"kgpub: {printable(str(error))}"))
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader of a pipe has left; Python would complain again when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        where = printable(str(error.filename or "standard output"))
        err.print(Text(f"kgpub: {where}: {error.strerror}"))
        sys.exit(2)
