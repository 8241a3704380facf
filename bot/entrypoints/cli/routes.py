"""Routes with their owners: routes.yaml, or a Slack channel itself."""

import getpass
from typing import Annotated

import typer

from bot.entrypoints.cli.opening import DEFAULT_CONFIG, ConfigDir, Now, moment, opened
from bot.entrypoints.cli.output import AsJson, as_json, say, table, when
from bot.model.route import Route
from bot.settings.scalars import DAYS
from bot.workflows import keep_routes
from bot.workflows.keep_routes import Standing

app = typer.Typer(help="Routes: who gets what, where and when, and whose they are.")


@app.callback(invoke_without_command=True)
def default(context: typer.Context, config: ConfigDir = DEFAULT_CONFIG, now: Now = None, json: AsJson = False) -> None:
    """List the routes where no other command is named."""
    if context.invoked_subcommand is None:
        list_routes(config, now, json)


@app.command("list")
def list_routes(config: ConfigDir = DEFAULT_CONFIG, now: Now = None, json: AsJson = False) -> None:
    """List the routes of routes.yaml, then those that channels made by `/recap route`."""
    with opened(config) as bot:
        found = keep_routes.standings(bot.settings.route_lines, desk=bot.desk, now=moment(now))
    if json:
        as_json(found)
        return
    rows = [
        (
            each.route.id,
            _owner(each),
            ", ".join(place.id for place in each.route.destinations),
            ", ".join(each.route.audiences),
            _slot(each.route),
            when(each.next_at) if each.next_at else "-",
        )
        for each in found
    ]
    table(("route", "owner", "goes to", "audiences", "when", "next edition (UTC)"), rows, empty="There are no routes.")


@app.command()
def remove(
    route: Annotated[str, typer.Argument(help="A channel's own route, such as slack-c0123456789.")],
    config: ConfigDir = DEFAULT_CONFIG,
    now: Now = None,
) -> None:
    """Take a channel's own route away, and cancel what it was still to send; those of routes.yaml are removed there."""
    with opened(config) as bot:
        gone = keep_routes.remove(route, person=getpass.getuser(), desk=bot.desk, now=moment(now))
    say(f"{gone.name} gets no recap any more.")


def _owner(each: Standing) -> str:
    if each.route.origin == "config":
        return f"routes.yaml:{each.line}" if each.line else "routes.yaml"
    since = f" on {each.changed_at:%Y-%m-%d}" if each.changed_at else ""
    said = f"{each.route.name} (by {each.person or 'unknown'}{since})"
    return f"{said}; not used, '{each.shadowed_by}' goes there" if each.shadowed_by else said


def _slot(route: Route) -> str:
    return f"{DAYS[route.day]} {route.time} {route.timezone}"
