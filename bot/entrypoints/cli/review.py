"""Review: look at drafts, change, approve or reject them."""

import getpass
from collections.abc import Callable
from typing import Annotated

import typer

from bot.entrypoints.cli.opening import DEFAULT_CONFIG, ConfigDir, Now, moment, opened
from bot.entrypoints.cli.output import AsJson, as_json, say, table
from bot.entrypoints.cli.run import WeekId
from bot.model.digest import Digest
from bot.model.errors import NotFound
from bot.wiring import Bot
from bot.workflows import review_recap
from bot.workflows.review_recap import Editor

app = typer.Typer(help="Look at drafts; change, approve or reject them.", no_args_is_help=True)

RouteArgument = Annotated[str, typer.Argument(metavar="ROUTE", help="A route's id.")]
EventArgument = Annotated[str, typer.Argument(metavar="EVENT", help="An event's id.")]
By = Annotated[str | None, typer.Option("--by", help="Who reviews; default: you.")]


@app.command("list")
def list_drafts(config: ConfigDir = DEFAULT_CONFIG, json: AsJson = False) -> None:
    """List the digests that wait for an editor."""
    with opened(config) as bot:
        found = review_recap.drafts(desk=bot.desk)
    if json:
        as_json(found)
        return
    rows = [(digest.recap_id, digest.route_id, len(digest.cards), digest.title) for digest in found]
    table(("recap", "route", "events", "title"), rows, empty="No digest waits for review.")


@app.command()
def show(route: RouteArgument, config: ConfigDir = DEFAULT_CONFIG, week: WeekId = None, json: AsJson = False) -> None:
    """Show a digest: its note and its events in order, and what was done to it."""
    with opened(config) as bot:
        digest = _digest(bot, route, week)
        acts = bot.store.load_review_acts(digest.key)
    if json:
        as_json({"digest": digest, "acts": acts})
        return
    say(f"{digest.title} · route {digest.route_id} · {digest.state}", style="bold")
    if digest.note:
        say(f"Note: {digest.note}")
    for place, card in enumerate(digest.cards, 1):
        say(f"  {place:2}. {card.title}  ({card.publisher}, {card.event_id})")
    for act in acts:
        say(f"  {act.acted_at:%Y-%m-%d %H:%M} {act.editor}: {act.act} {act.argument}")


@app.command()
def approve(
    route: RouteArgument, config: ConfigDir = DEFAULT_CONFIG, week: WeekId = None, by: By = None, now: Now = None
) -> None:
    """Free a draft; `recap send` (or the scheduler) then delivers it."""
    _act(config, route, week, by=by, now=now, act=lambda bot, it, who: review_recap.approve(it, who, desk=bot.desk))
    say(f"Approved. `recap send{f' --week {week}' if week else ''}` delivers it now; the scheduler at its time.")


@app.command()
def reject(
    route: RouteArgument,
    reason: Annotated[str, typer.Argument(help="Why.")] = "",
    config: ConfigDir = DEFAULT_CONFIG,
    week: WeekId = None,
    by: By = None,
    now: Now = None,
) -> None:
    """Keep a draft from ever being sent."""
    _act(
        config,
        route,
        week,
        by=by,
        now=now,
        act=lambda bot, it, who: review_recap.reject(it, reason, who, desk=bot.desk),
    )
    say("Rejected; it will not be sent.")


@app.command()
def note(
    route: RouteArgument,
    text: Annotated[str, typer.Argument(help="What readers see first; empty takes the note away.")],
    config: ConfigDir = DEFAULT_CONFIG,
    week: WeekId = None,
    by: By = None,
    now: Now = None,
) -> None:
    """Put a note at the head of a draft."""
    _act(config, route, week, by=by, now=now, act=lambda bot, it, who: review_recap.note(it, text, who, desk=bot.desk))
    say("Noted.")


@app.command()
def drop(
    route: RouteArgument,
    event: EventArgument,
    config: ConfigDir = DEFAULT_CONFIG,
    week: WeekId = None,
    by: By = None,
    now: Now = None,
) -> None:
    """Take an event out of a draft."""
    _act(config, route, week, by=by, now=now, act=lambda bot, it, who: review_recap.drop(it, event, who, desk=bot.desk))
    say("Dropped.")


@app.command()
def move(
    route: RouteArgument,
    event: EventArgument,
    place: Annotated[int, typer.Argument(min=1, help="1 for the first.")],
    config: ConfigDir = DEFAULT_CONFIG,
    week: WeekId = None,
    by: By = None,
    now: Now = None,
) -> None:
    """Move an event of a draft."""
    _act(
        config,
        route,
        week,
        by=by,
        now=now,
        act=lambda bot, it, who: review_recap.move(it, event, place, who, desk=bot.desk),
    )
    say(f"Moved to place {place}.")


def _act(
    config: ConfigDir,
    route: str,
    week: str | None,
    *,
    by: str | None,
    now: str | None,
    act: Callable[[Bot, Digest, Editor], Digest],
) -> None:
    with opened(config) as bot:
        act(bot, _digest(bot, route, week), Editor(by or getpass.getuser(), moment(now)))


def _digest(bot: Bot, route: str, week: str | None) -> Digest:
    """Return the route's digest of the named week, or of the newest recap."""
    if week:
        return review_recap.digest_of_route(bot.desk.week(week).id, route, desk=bot.desk)
    recaps = bot.store.load_recaps()
    if not recaps:
        raise NotFound("No recap was built yet; `recap build` builds one.")
    return review_recap.digest_of_route(recaps[0].id, route, desk=bot.desk)
