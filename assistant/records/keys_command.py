"""`assistant keys create|list|revoke`: the keys of programs, at a terminal."""

import sys
from typing import Annotated, Any

import typer

from assistant.access import ROLES

app = typer.Typer(no_args_is_help=True, help="API keys, with which programs call the service.")


@app.command("create")
def create(
    name: Annotated[str, typer.Argument(help="The program's name, as the log will have it.")],
    role: Annotated[str, typer.Option(help="reader, curator (may also change documents) or admin.")] = "reader",
    group: Annotated[
        list[str] | None,
        typer.Option(help="A group whose documents it may read; may be repeated.", show_default=False),
    ] = None,
    days: Annotated[
        int | None, typer.Option(min=0, max=36500, help="Days it is good for.  [default: for good]", show_default=False)
    ] = None,
) -> None:
    """Make a key and print it. It is kept as a hash, so that nobody can print it again."""
    if role not in ROLES:
        raise typer.BadParameter(f"there are the roles {', '.join(ROLES)}", param_hint="--role")
    log, keys = _opened(create=True)
    kept, said = keys.create(name, role, group or (), days=days)
    _written(log, "key-created", kept)
    print(said)
    until = f"until {kept.expires:%Y-%m-%d %H:%M} UTC" if kept.expires else "until it is revoked"
    print(
        f"Key {kept.id} of {kept.name}, {kept.role}{_groups(kept)}, {until}. Keep it now: it is not shown again.",
        file=sys.stderr,
    )


@app.command("list")
def list_keys() -> None:
    """List the keys, oldest first."""
    _, keys = _opened(create=False)
    for key in keys.list():
        until = f", until {key.expires:%Y-%m-%d}" if key.expires else ""
        print(f"{key.id}  {key.state:<8} {key.name}, {key.role}{_groups(key)}, made {key.created:%Y-%m-%d}{until}")


@app.command("revoke")
def revoke(id: Annotated[str, typer.Argument(help="The key's id, as `assistant keys list` has it.")]) -> None:
    """Let a key open nothing any more, from the next request on."""
    log, keys = _opened(create=False)
    revoked = keys.revoke(id)
    _written(log, "key-revoked", revoked)
    print(f"Key {revoked.id} of {revoked.name} opens nothing any more.")


def _groups(key: Any) -> str:
    return f", groups {', '.join(sorted(key.groups))}" if key.groups else ""


def _written(log: Any, kind: str, key: Any) -> None:
    from assistant.settings import Settings

    if not Settings.load().audit_log:
        return
    body = {"name": key.name, "role": key.role, "groups": sorted(key.groups)}
    log.append(kind, door="cli", subject=key.id, body=body)


def _opened(*, create: bool) -> tuple[Any, Any]:
    from assistant.records.keys import KeyStore
    from assistant.records.log import AuditLog
    from assistant.settings import Settings

    log = AuditLog.open(Settings.load(), create=create)
    return log, KeyStore(log.records)
