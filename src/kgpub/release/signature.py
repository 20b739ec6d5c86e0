"""A signature of the checksums, as `ssh-keygen -Y sign` makes it.

The program, which comes with OpenSSH, reads the key itself: one with a passphrase, in an agent or
on a token works, and kgpub never sees it. Ed25519 gives the same signature each time (RFC 8032).
Anybody verifies with the same program; the format is OpenSSH's PROTOCOL.sshsig.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from kgpub.errors import CallError, OutputError

NAMESPACE = "kgpub-release"
"""What signatures of releases are for: one made for something else does not verify."""
ENDING = ".sig"
_PROBE = "kgpub-probe"


def require_signs(key: Path) -> None:
    """Raise CallError where a key does not sign, OutputError where that cannot be tried."""
    try:
        with TemporaryDirectory() as folder:
            path = Path(folder, "probe")
            path.touch()
            sign(path, key, _PROBE)
    except OSError as error:
        raise OutputError(
            f"{error.filename or 'temporary files'}: cannot be written: {error.strerror or error}",
            "Make room, or set TMPDIR to another folder.",
        ) from error


def sign(path: Path, key: Path, purpose: str = NAMESPACE) -> None:
    """Write the signature of a file beside it. Raises CallError.

    `key` is a private key, or the public key of one that an agent holds.
    """
    program = shutil.which("ssh-keygen")
    if program is None:
        raise CallError(
            "ssh-keygen is not installed, and signs releases",
            "Install OpenSSH, or leave --key out.",
        )
    if not key.is_file():
        raise CallError(f"{key}: there is no such key", "Make one with: ssh-keygen -t ed25519")
    signed = subprocess.run(
        [program, "-q", "-Y", "sign", "-n", purpose, "-f", key.absolute(), path.name],
        cwd=path.parent,
        stderr=subprocess.PIPE,
        check=False,
    )
    if signed.returncode or not path.with_name(path.name + ENDING).is_file():
        told = " ".join(signed.stderr.decode(errors="replace").split())
        raise CallError(f"{key}: does not sign: {told}", "Name a private key of SSH.")
