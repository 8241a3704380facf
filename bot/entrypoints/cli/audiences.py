"""Audiences: who should care, and what they were taught."""

from pathlib import Path
from typing import Annotated

import typer

from bot.adapters import sorted_items
from bot.entrypoints.cli.opening import DEFAULT_CONFIG, ConfigDir, load
from bot.entrypoints.cli.output import AsJson, as_json, say, table, warn
from bot.model.errors import NotFound
from bot.settings import taught as kept
from bot.understand import taught

app = typer.Typer(help="Audiences, and teaching them by items that you sorted.")
_SHOWN = 8


@app.callback(invoke_without_command=True)
def default(context: typer.Context, config: ConfigDir = DEFAULT_CONFIG, json: AsJson = False) -> None:
    """List the audiences where no other command is named."""
    if context.invoked_subcommand is None:
        list_audiences(config, json)


@app.command("list")
def list_audiences(config: ConfigDir = DEFAULT_CONFIG, json: AsJson = False) -> None:
    """List the audiences, and the words that each was taught."""
    audiences = load(config).audiences
    told = [
        (each.id, each.name, taught.strongest(each.taught, count=_SHOWN) if each.taught else []) for each in audiences
    ]
    if json:
        as_json([{"id": name, "name": shown, "taught": words} for name, shown, words in told])
        return
    rows = [(name, shown, ", ".join(words)) for name, shown, words in told]
    table(("audience", "name", "taught"), rows, empty="audiences.yaml names no audiences.")


@app.command()
def train(
    file: Annotated[Path, typer.Argument(help="Sorted items (TSV or JSON lines, also .gz): title, text, audiences.")],
    config: ConfigDir = DEFAULT_CONFIG,
) -> None:
    """Learn what concerns your audiences from a file of items that you sorted."""
    known = {audience.id for audience in load(config).audiences}
    read = sorted_items.read(file)
    for line in read.refused:
        warn(line)
    models = {name: model for name, model in taught.learn(read.items).items() if name in known}
    if not models:
        raise NotFound(f"'{file}' sorts too few items to audiences of audiences.yaml ({', '.join(sorted(known))}).")
    path = kept.write(config, models)
    for name, model in models.items():
        say(f"  {name}: {', '.join(taught.strongest(model, count=_SHOWN))}")
    say(f"Learned {len(models)} audiences from {len(read.items)} items; kept in {path}.")


@app.command()
def forget(config: ConfigDir = DEFAULT_CONFIG) -> None:
    """Forget what audiences were taught; their words in audiences.yaml stay."""
    say("Forgotten." if kept.forget(config) else "Nothing was taught.")
