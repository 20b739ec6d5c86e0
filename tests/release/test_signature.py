"""The signature of a release: verified by OpenSSH, and by the Ed25519 of another program."""

from __future__ import annotations

import base64
import hashlib
import shutil
import struct
import subprocess
from pathlib import Path

import pytest
from tests.conftest import Run

pytestmark = pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="OpenSSH is not there")

NODE = """
const crypto = require('crypto');
const [key, message, signature] = process.argv.slice(1).map((each) => Buffer.from(each, 'hex'));
const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), key]);
const known = crypto.createPublicKey({ key: der, format: 'der', type: 'spki' });
process.exit(crypto.verify(null, message, known, signature) ? 0 : 1);
"""


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("keys") / "id"
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "me", "-f", path]
    subprocess.run(command, check=True)
    return path


@pytest.fixture
def signed(built: Path, key: Path, kgpub: Run) -> Path:
    done = kgpub("release", "--date", "2026-11-24", "--key", str(key), cwd=built)
    assert done.returncode == 0, done.stderr
    return built / "releases/1"


def verified(folder: Path, key: Path) -> bool:
    allowed = key.with_name("allowed_signers")
    allowed.write_text(f"me@example.org {key.with_suffix('.pub').read_text()}")
    command = ["ssh-keygen", "-Y", "verify", "-f", allowed, "-I", "me@example.org"]
    with (folder / "SHA256SUMS").open("rb") as stream:
        done = subprocess.run(
            [*command, "-n", "kgpub-release", "-s", folder / "SHA256SUMS.sig"],
            stdin=stream,
            capture_output=True,
            check=False,
        )
    return done.returncode == 0


def test_openssh_verifies_it_and_no_other_content(signed: Path, key: Path) -> None:
    assert verified(signed, key)
    sums = signed / "SHA256SUMS"
    sums.write_bytes(sums.read_bytes().replace(b"a", b"b", 1))
    assert not verified(signed, key)


def fields(content: bytes) -> list[bytes]:
    """The strings of SSH's wire format (RFC 4251, section 5)."""
    found = []
    while content:
        (length,) = struct.unpack(">I", content[:4])
        found.append(content[4 : 4 + length])
        content = content[4 + length :]
    return found


def string(content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + content


@pytest.mark.skipif(not shutil.which("node"), reason="Node.js is not there")
def test_another_ed25519_verifies_it(signed: Path, key: Path) -> None:
    """OpenSSH's PROTOCOL.sshsig: what is signed is the hash of the file and what it is for."""
    armoured = (signed / "SHA256SUMS.sig").read_text().splitlines()
    assert armoured[0] == "-----BEGIN SSH SIGNATURE-----"
    blob = base64.b64decode("".join(armoured[1:-1]))
    assert blob[:10] == b"SSHSIG\0\0\0\1"
    public, purpose, reserved, algorithm, signature = fields(blob[10:])
    assert (purpose, reserved, algorithm) == (b"kgpub-release", b"", b"sha512")
    written = base64.b64decode(key.with_suffix(".pub").read_text().split()[1])
    assert public == written
    content = (signed / "SHA256SUMS").read_bytes()
    message = b"SSHSIG" + b"".join(
        map(string, (purpose, reserved, algorithm, hashlib.sha512(content).digest()))
    )
    parts = [fields(public)[1].hex(), message.hex(), fields(signature)[1].hex()]
    assert subprocess.run(["node", "-e", NODE, *parts], check=False).returncode == 0
    parts[1] = (message + b"!").hex()
    assert subprocess.run(["node", "-e", NODE, *parts], check=False).returncode == 1


def test_the_same_key_gives_the_same_signature(signed: Path, key: Path, kgpub: Run) -> None:
    first = (signed / "SHA256SUMS.sig").read_bytes()
    shutil.rmtree(signed)
    done = kgpub("release", "--date", "2026-11-24", "--key", str(key), cwd=signed.parents[1])
    assert done.returncode == 0
    assert (signed / "SHA256SUMS.sig").read_bytes() == first


@pytest.mark.parametrize("content", [None, b"no key", b""])
def test_without_a_key_that_signs_there_is_no_release(
    built: Path, kgpub: Run, tmp_path: Path, content: bytes | None
) -> None:
    key = tmp_path / "key"
    if content is not None:
        key.write_bytes(content)
    done = kgpub("release", "--date", "2026-11-24", "--key", str(key), cwd=built)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr and str(key) in done.stderr.replace("\n", "")
    assert not (built / "releases/1").exists()
