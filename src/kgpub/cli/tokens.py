"""`kgpub token`: who may do more than read what is served."""

from __future__ import annotations

import getpass
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from kgpub.cli.options import Folder, out, tell_notes, utf8
from kgpub.errors import CallError
from kgpub.pipeline.workspace import STATE
from kgpub.reporting.text import printable
from kgpub.service.tokens.keeping import KeptTokens
from kgpub.service.tokens.token import Scope, Token, minted
from kgpub.settings import find_workspace
from kgpub.submissions.audit import Audit

MAX_DAYS = 3650
_MAX_NAME = 100

tokens = typer.Typer(
    help="Create, list and revoke the tokens of those who may do more than read.",
    no_args_is_help=True,
)


@tokens.command(epilog="Example: kgpub token create --scope update --name 'the nightly job'")
def create(
    scope: Annotated[
        list[Scope], typer.Option("--scope", "-s", help="What it allows; may be given again.")
    ],
    name: Annotated[
        str, typer.Option(callback=utf8, help="Whose it is, or what for; shown in the list.")
    ] = "",
    expires: Annotated[
        int | None,
        typer.Option(
            min=1, max=MAX_DAYS, metavar="DAYS", help="For how many days it holds; else for ever."
        ),
    ] = None,
    workspace: Folder = Path(),
) -> None:
    """Create a token and print it, this once: only a digest of it is kept."""
    if len(name) > _MAX_NAME or not (name == "" or name.isprintable()):
        message = f"the name has more than {_MAX_NAME} characters, or invisible ones"
        raise CallError(message, "Give another --name.")
    now = datetime.now(UTC).replace(microsecond=0)
    end = None if expires is None else now + timedelta(days=expires)
    text, id_, digest = minted(secrets.token_bytes)
    token = Token(id_, name, frozenset(scope), now, end, digest)
    _kept(workspace).add(token)
    allowed = " ".join(sorted(token.scopes))
    told: dict[str, str | int] = {"token": id_, "name": name, "scopes": allowed, "by": _user()}
    _audit(workspace).note("token-created", {**told, "expires": end.isoformat() if end else ""})
    out.print(Text(text))
    until = f"until {_shown(end)}" if end else "until it is revoked"
    tell_notes([f"It is shown this once, and holds {until}: kgpub token revoke {id_}"])


@tokens.command("list", epilog="Example: kgpub token list")
def list_(workspace: Folder = Path()) -> None:
    """List the tokens: what they allow, and until when."""
    found = _kept(workspace).tokens()
    if not found:
        out.print(Text("There are no tokens. Create one: kgpub token create --scope update"))
        return
    now = datetime.now(UTC)
    table = Table("ID", "name", "allows", "created", "expires", box=None, pad_edge=False)
    for each in found:
        end = "never" if each.expires is None else _shown(each.expires)
        ended = "" if each.holds(now) else " (expired)"
        allowed = ", ".join(sorted(each.scopes))
        cells = (each.id, printable(each.name), allowed, _shown(each.created), end + ended)
        table.add_row(*map(Text, cells))
    out.print(table)


@tokens.command(epilog="Example: kgpub token revoke mfrggzdf")
def revoke(
    id_: Annotated[str, typer.Argument(metavar="ID", callback=utf8, help="As the list shows it.")],
    workspace: Folder = Path(),
) -> None:
    """Revoke a token: from now on it holds no more."""
    token = _kept(workspace).revoke(id_)
    revoked = {"token": token.id, "name": token.name, "by": _user()}
    _audit(workspace).note("token-revoked", revoked)
    out.print(Text(f"Revoked: {' '.join(filter(None, (token.id, printable(token.name))))}"))


def _kept(workspace: Path) -> KeptTokens:
    return KeptTokens(find_workspace(workspace) / STATE)


def _audit(workspace: Path) -> Audit:
    return Audit(find_workspace(workspace) / STATE, lambda: datetime.now(UTC))


def _user() -> str:
    """Return who calls, as the system knows them."""
    try:
        return f"system/{getpass.getuser()}"
    except (KeyError, OSError, ImportError):  # a container's user may have no name
        return "system"


def _shown(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
