"""The Slack app: its manifest, and what people see of it."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.entrypoints.cli.opening import DEFAULT_CONFIG, ConfigDir, load, opened
from bot.entrypoints.cli.output import say, warn
from bot.wiring import outbox_page

app = typer.Typer(
    help="The Slack app: the manifest that creates it in one paste, and what people see of it.", no_args_is_help=True
)


class Format(StrEnum):
    """What Slack's page for manifests takes."""

    JSON = "json"
    YAML = "yaml"


@app.command("manifest")
def show_manifest(
    config: ConfigDir = DEFAULT_CONFIG,
    kind: Annotated[Format, typer.Option("--format", help="How to write it.")] = Format.YAML,
) -> None:
    """Print the manifest of this deployment: paste it at https://api.slack.com/apps → Create New App."""
    from bot.entrypoints.slack_app import manifest as manifests  # Bolt takes long to load

    settings = load(config)
    given = manifests.manifest(settings)
    say(manifests.as_json(given) if kind == Format.JSON else manifests.as_yaml(given))
    if manifests.uses_socket(settings) and not settings.slack_app_token:
        reason = f"Slack cannot send requests to {settings.base_url}, so this is for Socket Mode"
        warn(f"{reason}: set RECAP_BASE_URL to an https address for HTTP, or SLACK_APP_TOKEN once the app is there.")


@app.command("preview")
def preview(
    config: ConfigDir = DEFAULT_CONFIG,
    to: Annotated[Path | None, typer.Option("--to", help="A folder; default: slack/ in the outbox.")] = None,
) -> None:
    """Write pages that show digest, answers, forms and Home as readers see them in Slack; send nothing."""
    from bot.entrypoints.slack_app import scenes  # Bolt takes long to load

    with opened(config) as bot:
        folder = to or bot.settings.outbox / "slack"
        say(f"open {outbox_page.write_scenes(folder, scenes.of_bot(bot), desk=bot.desk, now=bot.clock.now())}")
