"""Look-ups: articles, events, explain, search, recaps, deliveries."""

import getpass
from datetime import datetime
from typing import Annotated

import typer

from bot.compose.facts import EventFacts
from bot.entrypoints.cli import reports
from bot.entrypoints.cli.opening import DEFAULT_CONFIG, ConfigDir, Now, moment, opened
from bot.entrypoints.cli.output import AsJson, as_json, say, table, when
from bot.entrypoints.cli.run import WeekId
from bot.model import hints
from bot.model.delivery import Delivery, DeliveryState
from bot.model.errors import NotFound
from bot.model.recap import ScorePart
from bot.rank import explain as explanations
from bot.wiring import Bot
from bot.workflows import answer_unknown, look_up, shut_destinations

_CHANGES = {
    "publisher": "One more independent publisher would bring it to",
    "pin": "Pinned in review, it would come first in that digest, with",
    "unpinned": "Without the editor's pin it would stand at",
    "untold": "Had no earlier recap told it, it would stand at",
    "unvoted": "Had nobody voted on its sources and audiences, it would stand at",
    "no_offer": "If it did more than sell, it would stand at",
}

EventIdArgument = Annotated[str, typer.Argument(metavar="ID", help="An event's id, as `recap events` shows it.")]

_ID_CHARS = 10
"""Of a delivery's id, enough to name it."""


def register(app: typer.Typer) -> None:
    """Add the commands to *app*."""
    for command in (articles, events, explain, search, recaps, deliveries):
        app.command()(command)


def articles(config: ConfigDir = DEFAULT_CONFIG, week: WeekId = None, now: Now = None, json: AsJson = False) -> None:
    """List the stored articles of a week (default: the open one)."""
    with opened(config) as bot:
        chosen = bot.desk.week(week) if week else bot.desk.week_of(moment(now))
        found = bot.store.load_articles(since=chosen.starts_at, until=chosen.ends_at)
    if json:
        as_json([article.model_dump(mode="json", exclude={"html", "text"}) for article in found])
        return
    rows = [(when(article.dated_at), article.source, article.language, article.title) for article in found]
    table(("published", "source", "language", "title"), rows, empty=f"No articles in {chosen.id}.")


def events(
    config: ConfigDir = DEFAULT_CONFIG,
    week: WeekId = None,
    audience: Annotated[
        str | None, typer.Option("--audience", help="Only what this audience should care about.")
    ] = None,
    now: Now = None,
    json: AsJson = False,
) -> None:
    """List the events of a week, best first (default: the open one)."""
    at = moment(now)
    with opened(config) as bot:
        chosen = bot.desk.week(week) if week else bot.desk.week_of(at)
        found = look_up.events(chosen, desk=bot.desk, now=at, audience=audience)
    _say_events(found, json=json, empty=f"No events in {chosen.id}.")


def search(
    words: Annotated[list[str], typer.Argument(help="All of these words.")],
    config: ConfigDir = DEFAULT_CONFIG,
    now: Now = None,
    json: AsJson = False,
) -> None:
    """Find events by words."""
    with opened(config) as bot:
        found = look_up.search(" ".join(words), desk=bot.desk, now=moment(now))
    _say_events(found, json=json, empty=f"Nothing found for '{' '.join(words)}'.")


def explain(event_id: EventIdArgument, config: ConfigDir = DEFAULT_CONFIG, json: AsJson = False) -> None:
    """Say why an event stands where it stands."""
    with opened(config) as bot:
        found = look_up.explain(event_id, desk=bot.desk)
    if json:
        as_json(
            {
                "id": found.dossier.event.id,
                "week": found.week.id,
                "rank": found.rank,
                "score": found.scored.score if found.scored else None,
                "score_parts": found.scored.parts if found.scored else [],
                "changes": explanations.changes(found.scored.parts) if found.scored else [],
                "routes": found.routes,
                "audiences": found.dossier.event.audiences,
                "kind": found.dossier.event.kind,
                "kind_reason": found.dossier.event.kind_reason,
                "memberships": found.dossier.memberships,
            }
        )
        return
    say(found.dossier.event.title, style="bold")
    if found.scored is None:
        say(f"It is not ranked in {found.week.id}: none of its articles counts for that week.")
    else:
        say(f"Place {found.rank} in {found.week.id}, score {found.scored.score:.3f}:")
        rows = [
            (part.name, f"{part.value:.2f}", f"{part.weight:.2f}", f"{part.points:.3f}", part.reason)
            for part in found.scored.parts
        ]
        table(("signal", "value", "weight", "points", "because"), rows, empty="")
        _say_changes(found.scored.parts)
        places = [(each.route, "" if each.place is None else str(each.place), each.why_not) for each in found.routes]
        table(("route", "place", "why not"), places, empty="")
    for match in found.dossier.event.audiences:
        say(f"For {match.id} ({match.confidence:.2f}): {match.reason}")
    say(f"Kind: {found.dossier.event.kind} ({found.dossier.event.kind_reason or 'nothing tells'})")


def _say_changes(parts: list[ScorePart]) -> None:
    """Say what carried the score, and what would change it."""
    if carriers := explanations.carried(parts):
        say("Carried by " + ", ".join(f"{part.name} ({part.reason})" for part in carriers) + ".")
    for change in explanations.changes(parts):
        say(f"{_CHANGES[change.kind]} {change.score:.3f}.")


def recaps(config: ConfigDir = DEFAULT_CONFIG, json: AsJson = False) -> None:
    """List the recaps, newest first."""
    with opened(config) as bot:
        found = look_up.editions(desk=bot.desk)
        shut = shut_destinations.of_routes(bot.desk.load_routes(), store=bot.store)
    if json:
        as_json(found)
        return
    rows = [
        (
            each.recap.id,
            when(each.recap.built_at),
            each.recap.numbers.events,
            each.recap.numbers.articles,
            ", ".join(f"{digest.route_id}: {digest.state}" for digest in each.digests),
        )
        for each in found
    ]
    table(("recap", "built", "events", "articles", "digests"), rows, empty="No recap was built yet.")
    for each in found:
        reports.say_thin(each)
    reports.warn_of_shut(shut)


def deliveries(
    config: ConfigDir = DEFAULT_CONFIG,
    state: Annotated[str | None, typer.Option("--state", help="planned, sending, sent, failed, unknown …")] = None,
    retry: Annotated[bool, typer.Option("--retry", help="Make failed deliveries due again.")] = False,
    arrived: Annotated[str, typer.Option("--arrived", metavar="ID", help="This unknown delivery did arrive.")] = "",
    receipt: Annotated[str, typer.Option("--receipt", help="With --arrived: the message's link in Slack.")] = "",
    lost: Annotated[
        str, typer.Option("--lost", metavar="ID", help="This unknown delivery did not: send it again.")
    ] = "",
    now: Now = None,
    json: AsJson = False,
) -> None:
    """List the ledger: what goes to whom, and whether it went."""
    with opened(config) as bot:
        if arrived or lost:
            _answer(bot, arrived=arrived, receipt=receipt, lost=lost, now=moment(now))
            return
        if retry:
            count = bot.retry(now=moment(now))
            say(f"{count} failed deliveries are due again; `recap send` sends them. Unknown ones are never resent.")
            return
        found = bot.store.load_deliveries(state=_state(state))
    if json:
        as_json(found)
        return
    rows = [
        (
            row.id[:_ID_CHARS],
            row.recap_id,
            row.route_id,
            _to(row),
            row.part,
            row.state,
            row.receipt or row.error,
        )
        for row in found
    ]
    table(("id", "recap", "route", "to", "part", "state", "receipt or error"), rows, empty="The ledger is empty.")


def _to(delivery: Delivery) -> str:
    """Return the place, and the person where it is a list: who looks after an unknown mail must know whose it is."""
    place, person = delivery.destination, delivery.recipient
    return place if person == place else f"{place}: {person}"


def _answer(bot: Bot, *, arrived: str, receipt: str, lost: str, now: datetime) -> None:
    if arrived and lost:
        raise typer.BadParameter("A delivery arrived or was lost: name one of --arrived and --lost.")
    operator = getpass.getuser()
    if arrived:
        answer_unknown.arrived(arrived, receipt=receipt, operator=operator, store=bot.store, now=now)
        say("Kept as sent; `recap send` sends what replies to it.")
    else:
        answer_unknown.lost(lost, operator=operator, store=bot.store, now=now)
        say("Planned again; `recap send` sends it.")


def _state(state: str | None) -> DeliveryState | None:
    if state is None:
        return None
    try:
        return DeliveryState(state)
    except ValueError as exc:
        raise NotFound(f"'{state}' is not a state of deliveries{hints.nearest(state, DeliveryState)}") from exc


def _say_events(found: list[EventFacts], *, json: bool, empty: str) -> None:
    if json:
        as_json(found)
        return
    rows = [
        (
            each.id,
            each.week,
            "" if each.score is None else f"{each.score:.2f}",
            each.coverage.publishers,
            each.language,
            each.title,
            ", ".join(match.id for match in each.audiences),
        )
        for each in found
    ]
    table(("id", "week", "score", "publishers", "language", "title", "who should care"), rows, empty=empty)
