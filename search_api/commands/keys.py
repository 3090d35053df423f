"""``footnote keys``: make, list and revoke the keys of the HTTP API."""

from pathlib import Path

import click

from search_api.commands.options import config_option
from search_api.settings import Settings

_keys_option = click.option(
    "--keys", type=click.Path(path_type=Path), default=None, help="File of the keys [default: keys.json]."
)


@click.group()
def keys() -> None:
    """Make, list and revoke the keys of the HTTP API."""


@keys.command()
@click.argument("name")
@click.option("--scope", multiple=True, default=("search",), help="search (default) or admin; repeatable.")
@_keys_option
@config_option
def make(name: str, scope: tuple[str, ...], keys: Path | None, config: Path | None) -> None:
    """Make a key for NAME and print it, once: only its digest is kept."""
    from search_api.keys import make_key

    path = Settings.from_environment(config, keys=keys).keys
    key, record = make_key(path, name, tuple(dict.fromkeys(scope)))
    click.echo(key)
    click.echo(
        f"key {record.key_id} for {name} may {', '.join(record.scopes)}; it is not shown again", err=True
    )


@keys.command("list")
@_keys_option
@config_option
def list_keys(keys: Path | None, config: Path | None) -> None:
    """List the keys: id, scopes, when made, name."""
    from search_api.keys import KeyRing

    ring = KeyRing(Settings.from_environment(config, keys=keys).keys)
    for key in ring.all():
        click.echo(f"{key.key_id}  {','.join(key.scopes):12}  {key.made}  {key.name}")


@keys.command()
@click.argument("key_id")
@_keys_option
@config_option
def revoke(key_id: str, keys: Path | None, config: Path | None) -> None:
    """Revoke a key; running servers refuse it at once."""
    from search_api.keys import revoke_key

    key = revoke_key(Settings.from_environment(config, keys=keys).keys, key_id)
    click.echo(f"key {key.key_id} for {key.name} is revoked")
