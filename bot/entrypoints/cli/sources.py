"""Sources and their health, and OPML in and out."""

from pathlib import Path
from typing import Annotated

import typer

from bot.entrypoints import opml
from bot.entrypoints.cli.opening import DEFAULT_CONFIG, ConfigDir, Now, load, moment, opened
from bot.entrypoints.cli.output import AsJson, as_json, say, table, when
from bot.model.source import Source, SourceState

app = typer.Typer(help="Sources and their health; OPML in and out.")


@app.callback(invoke_without_command=True)
def default(context: typer.Context, config: ConfigDir = DEFAULT_CONFIG, json: AsJson = False) -> None:
    """List the sources where no other command is named."""
    if context.invoked_subcommand is None:
        list_sources(config, json)


@app.command("list")
def list_sources(config: ConfigDir = DEFAULT_CONFIG, json: AsJson = False) -> None:
    """List the sources with their health."""
    with opened(config) as bot:
        states = bot.store.load_source_states()
        sources = bot.settings.sources
    if json:
        as_json([_facts(source, states.get(source.slug)) for source in sources])
        return
    rows = [
        (source.slug, source.publisher, health(states.get(source.slug)), _last(states.get(source.slug)), source.url)
        for source in sources
    ]
    table(("source", "publisher", "health", "last read", "url"), rows, empty="sources.yaml names no sources.")


@app.command()
def check(
    slugs: Annotated[list[str] | None, typer.Argument(help="Which sources; default: all.")] = None,
    config: ConfigDir = DEFAULT_CONFIG,
    now: Now = None,
    json: AsJson = False,
) -> None:
    """Fetch sources now, whether due or not, and say how each answers."""
    with opened(config) as bot:
        report, _ = bot.collect(now=moment(now), everything=True, only=slugs or ())
    if json:
        as_json(report)
    else:
        rows = [(failure.source, failure.reason) for failure in report.failures]
        table(("source", "what is wrong"), rows, empty=f"All {report.polled} sources asked answer.")
    raise typer.Exit(3 if report.failures else 0)


@app.command()
def export(config: ConfigDir = DEFAULT_CONFIG) -> None:
    """Print the sources as OPML."""
    typer.echo(opml.dump(load(config).sources), nl=False)


@app.command("import")
def import_opml(
    file: Annotated[Path, typer.Argument(help="An OPML file.")], config: ConfigDir = DEFAULT_CONFIG
) -> None:
    """Add the feeds of an OPML file to sources.yaml; those it has already stay as they are."""
    known = load(config).sources
    found = opml.load(file.read_bytes(), name=str(file), known=known)
    _append(config, found.sources)
    for refused in found.refused:
        say(f"  {refused}")
    say(f"Added {len(found.sources)} sources to {config / 'sources.yaml'}.")


@app.command()
def add(
    url: Annotated[str, typer.Argument(help="The feed's address.")],
    name: Annotated[str | None, typer.Option("--name", help="What to call it; default: its host.")] = None,
    config: ConfigDir = DEFAULT_CONFIG,
) -> None:
    """Add one feed to sources.yaml."""
    added = opml.source(url, name=name, known=load(config).sources)
    _append(config, [added])
    say(f"Added '{added.slug}' to {config / 'sources.yaml'}; `recap sources check {added.slug}` tries it.")


def health(state: SourceState | None) -> str:
    """Return a source's health in words."""
    if state is None or state.last_polled_at is None:
        return "never read"
    if state.retired_at:
        return "retired by its publisher"
    if state.failures:
        return f"failed {state.failures}×: {state.last_error}"
    return f"fine, {state.articles_seen} articles"


def _last(state: SourceState | None) -> str:
    return when(state.last_success_at if state else None)


def _facts(source: Source, state: SourceState | None) -> dict[str, object]:
    return {**source.model_dump(mode="json"), "health": health(state), "state": state}


def _append(config: Path, sources: list[Source]) -> None:
    """Add *sources* at the end of sources.yaml; where it cannot be read then, it is put back as it was."""
    path = config / "sources.yaml"
    before = path.read_bytes()
    try:
        lines = "".join(opml.as_yaml(source) for source in sources)
        path.write_bytes(before + (b"" if before.endswith(b"\n") else b"\n") + lines.encode())
        load(config)
    except BaseException:
        path.write_bytes(before)
        raise
