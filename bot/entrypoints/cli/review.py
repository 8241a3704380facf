"""Review: look at drafts, change, approve or reject them."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from bot.compose import revise
from bot.compose.revise import CardPart
from bot.entrypoints.cli.opening import DEFAULT_CONFIG, ConfigDir, Now, moment, opened
from bot.entrypoints.cli.output import AsJson, as_json, say, table, when
from bot.entrypoints.cli.run import WeekId
from bot.model import hints
from bot.model.digest import Digest, DigestState
from bot.model.errors import NotFound
from bot.model.feedback import ReviewAct
from bot.wiring import Bot
from bot.workflows import look_up, review_recap
from bot.workflows.pool import Desk
from bot.workflows.review_recap import Editor

app = typer.Typer(help="Look at drafts; change, approve or reject them.", no_args_is_help=True)

RouteArgument = Annotated[str, typer.Argument(metavar="ROUTE", help="A route's id.")]
EventArgument = Annotated[str, typer.Argument(metavar="EVENT", help="An event's id.")]
By = Annotated[str | None, typer.Option("--by", help="Who reviews; default: you.")]


@dataclass(frozen=True, slots=True)
class Reviewing:
    """A digest on an editor's desk."""

    desk: Desk
    digest: Digest
    editor: Editor


@app.command("list")
def list_drafts(config: ConfigDir = DEFAULT_CONFIG, json: AsJson = False) -> None:
    """List the digests that wait for an editor."""
    with opened(config) as bot:
        found = review_recap.drafts(desk=bot.desk)
        acts = {digest.key: bot.store.load_review_acts(digest.key) for digest in found}
    if json:
        as_json(found)
        return
    rows = [
        (digest.recap_id, digest.route_id, len(digest.cards), digest.title, _last(acts[digest.key])) for digest in found
    ]
    table(("recap", "route", "events", "title", "last change"), rows, empty="No digest waits for review.")


@app.command()
def show(
    route: RouteArgument,
    config: ConfigDir = DEFAULT_CONFIG,
    week: WeekId = None,
    preview: Annotated[
        bool, typer.Option("--preview", help="Write a page with it as its readers would see it.")
    ] = False,
    to: Annotated[Path, typer.Option("--to", help="The folder to write the page into.")] = Path("preview"),
    now: Now = None,
    json: AsJson = False,
) -> None:
    """Show a digest: its note and its events in order, and what was done to it."""
    with opened(config) as bot:
        digest = _digest(bot, route, week)
        acts = bot.store.load_review_acts(digest.key)
        if preview:
            edition = replace(look_up.edition(digest.recap_id, desk=bot.desk), digests=(digest,))
            page = bot.preview(edition, to=to, now=moment(now))
    if json:
        as_json({"digest": digest, "acts": acts})
        return
    _say_digest(digest, acts)
    if preview:
        say(f"Open {page} in a browser.")


@app.command()
def approve(
    route: RouteArgument, config: ConfigDir = DEFAULT_CONFIG, week: WeekId = None, by: By = None, now: Now = None
) -> None:
    """Free a draft; `recap send` (or the scheduler) then delivers it."""
    with _reviewing(route, config=config, week=week, by=by, now=now) as it:
        review_recap.approve(it.digest, it.editor, desk=it.desk)
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
    with _reviewing(route, config=config, week=week, by=by, now=now) as it:
        review_recap.reject(it.digest, reason, it.editor, desk=it.desk)
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
    with _reviewing(route, config=config, week=week, by=by, now=now) as it:
        review_recap.note(it.digest, text, it.editor, desk=it.desk)
    say("Noted." if text else "The note is gone.")


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
    with _reviewing(route, config=config, week=week, by=by, now=now) as it:
        review_recap.drop(it.digest, event, it.editor, desk=it.desk)
    say(f"Dropped; `recap review add {route} {event}` brings it back.")


@app.command()
def add(
    route: RouteArgument,
    event: EventArgument,
    config: ConfigDir = DEFAULT_CONFIG,
    week: WeekId = None,
    by: By = None,
    now: Now = None,
) -> None:
    """Put an event of the recap that was left out at the end of a draft."""
    with _reviewing(route, config=config, week=week, by=by, now=now) as it:
        changed = review_recap.add(it.digest, event, it.editor, desk=it.desk)
    say(f"Added at place {_place(changed, event)}; `recap review move` puts it elsewhere.")


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
    """Move an event of a draft; what is pinned stays above it, and its own pin ends."""
    with _reviewing(route, config=config, week=week, by=by, now=now) as it:
        changed = review_recap.move(it.digest, event, place, it.editor, desk=it.desk)
    say(f"Moved to place {_place(changed, event)}.")


@app.command()
def pin(
    route: RouteArgument,
    event: EventArgument,
    config: ConfigDir = DEFAULT_CONFIG,
    week: WeekId = None,
    by: By = None,
    now: Now = None,
) -> None:
    """Put an event of a draft on top, and keep it there."""
    with _reviewing(route, config=config, week=week, by=by, now=now) as it:
        review_recap.pin(it.digest, event, it.editor, desk=it.desk)
    say("Pinned to the top; `recap review move` ends that.")


@app.command()
def rewrite(
    route: RouteArgument,
    event: EventArgument,
    part: Annotated[str, typer.Argument(metavar="LINE", help="hook, what-changed or why-it-matters.")],
    text: Annotated[str, typer.Argument(help="Your words, shown as the editor's; empty takes the line away.")],
    config: ConfigDir = DEFAULT_CONFIG,
    week: WeekId = None,
    by: By = None,
    now: Now = None,
) -> None:
    """Put your words in place of a line of an event."""
    with _reviewing(route, config=config, week=week, by=by, now=now) as it:
        review_recap.rewrite(it.digest, event, _part(part), text=text, editor=it.editor, desk=it.desk)
    say("Rewritten; readers see that it is the editor's." if text else "The line is gone.")


@contextmanager
def _reviewing(route: str, *, config: Path, week: str | None, by: str | None, now: str | None) -> Iterator[Reviewing]:
    with opened(config) as bot:
        yield Reviewing(bot.desk, _digest(bot, route, week), Editor(by or getpass.getuser(), moment(now)))


def _digest(bot: Bot, route: str, week: str | None) -> Digest:
    """Return the route's digest of the named week, or of the newest recap."""
    if week:
        return review_recap.digest_of_route(bot.desk.week(week).id, route, desk=bot.desk)
    recaps = bot.store.load_recap_heads()
    if not recaps:
        raise NotFound("No recap was built yet; `recap build` builds one.")
    return review_recap.digest_of_route(recaps[0].id, route, desk=bot.desk)


def _part(word: str) -> CardPart:
    known = {part.value.replace("_", "-"): part for part in CardPart}
    asked = word.strip().lower().replace("_", "-").replace(" ", "-")
    if asked not in known:
        raise NotFound(f"'{word}' is no line that can be rewritten{hints.nearest(asked, known)}")
    return known[asked]


def _say_digest(digest: Digest, acts: list[ReviewAct]) -> None:
    reason = f" ({digest.state_reason})" if digest.state_reason and digest.state != DigestState.DRAFT else ""
    say(f"{digest.title} · {digest.recap_id} · route {digest.route_id} · {digest.state}{reason}", style="bold")
    if digest.note:
        say(f"Note: {digest.note}")
    pins = review_recap.pinned(digest, acts)
    for place, card in enumerate(revise.in_order(digest), 1):
        pinned = ", pinned" if card.event_id in pins else ""
        say(f"  {place:2}. {card.title}  ({card.publisher}, {card.event_id}{pinned})")
        for part in CardPart:
            if (line := revise.line_of(card, part)) and line.label == "editor":
                say(f"      {part.replace('_', ' ')}, by the editor: {line.text}")
    for act in acts:
        say(f"  {when(act.acted_at)} {act.editor}: {act.act} {act.argument}")


def _place(digest: Digest, event: str) -> int:
    return [card.event_id for card in revise.in_order(digest)].index(event) + 1


def _last(acts: list[ReviewAct]) -> str:
    return f"{acts[-1].editor}: {acts[-1].act}, {when(acts[-1].acted_at)}" if acts else "not looked at yet"
