"""`recap event`: show one event, merge two, split one."""

from typing import Annotated

import typer

from bot.compose import card as cards
from bot.compose.facts import EventFacts, InsightFacts
from bot.entrypoints.cli.opening import DEFAULT_CONFIG, ConfigDir, Now, moment, opened
from bot.entrypoints.cli.output import AsJson, as_json, say, when
from bot.model.event import Dossier
from bot.wiring import Bot
from bot.workflows import edit_events, look_up, show_pages
from bot.workflows.edit_events import Edited

_ID_CHARS = 12
"""Of an article's id, enough to name it in a split."""


def register(app: typer.Typer) -> None:
    """Add the command to *app*."""
    app.command()(event)


def event(
    words: Annotated[
        list[str],
        typer.Argument(metavar="ID | merge ID ID | split ID ARTICLE...", help="Events' ids, as `recap events` shows."),
    ],
    config: ConfigDir = DEFAULT_CONFIG,
    why: Annotated[bool, typer.Option("--why", help="Also say why each article belongs to it.")] = False,
    now: Now = None,
    json: AsJson = False,
) -> None:
    """
    Show one event: what is known, who told it, what it means. Or change which articles it has.

    `merge A B` makes one event of two: the older keeps its address, the other's leads there.
    `split A ARTICLE...` gives articles (ids or URLs, see --why) an event of their own. Both are remembered.
    """
    match words:
        case ["merge", one, other]:
            _merge(one, other, config=config, now=now, json=json)
        case ["split", event_id, _, *_]:
            _split(event_id, words[2:], config=config, now=now, json=json)
        case ["merge" | "split", *_]:
            raise typer.BadParameter("Write `recap event merge ID ID` or `recap event split ID ARTICLE...`.")
        case [event_id]:
            _show(event_id, config=config, why=why, now=now, json=json)
        case _:
            raise typer.BadParameter(f"'{words[0]}' and more: name one event, or write merge or split first.")


def _merge(one: str, other: str, *, config: ConfigDir, now: Now, json: bool) -> None:
    with opened(config) as bot:
        edited = edit_events.merge(one, other, desk=bot.desk, now=moment(now))
        if json:
            _as_json(edited, bot, now)
            return
        _say_line(edited.events[0], bot)
    say(f"{edited.redirected} is part of it now, and its address leads there. The machine will not undo this.")


def _split(event_id: str, articles: list[str], *, config: ConfigDir, now: Now, json: bool) -> None:
    with opened(config) as bot:
        edited = edit_events.split(event_id, articles, desk=bot.desk, now=moment(now))
        if json:
            _as_json(edited, bot, now)
            return
        for dossier in edited.events:
            _say_line(dossier, bot)
    say("They are two events now; the machine will not undo this.")


def _as_json(edited: Edited, bot: Bot, now: Now) -> None:
    found = [look_up.event(dossier.event.id, desk=bot.desk, now=moment(now)) for dossier in edited.events]
    as_json({"events": found, "redirected": edited.redirected})


def _say_line(dossier: Dossier, bot: Bot) -> None:
    say(f"{dossier.event.id}  {dossier.event.title}", style="bold")
    say(f"  {len(dossier.articles)} articles · {cards.event_url(dossier.event, policy=bot.desk.card)}")


def _show(event_id: str, *, config: ConfigDir, why: bool, now: Now, json: bool) -> None:
    at = moment(now)
    with opened(config) as bot:
        show_pages.event(event_id, desk=bot.desk, now=at, language=bot.desk.recap.languages[0])
        found = look_up.event(event_id, desk=bot.desk, now=at)
        dossier = look_up.dossier_of(event_id, desk=bot.desk)
    if json:
        as_json({**found.model_dump(), "memberships": dossier.memberships} if why else found)
        return
    _say_event(found)
    if why:
        _say_why(dossier)


def _say_why(dossier: Dossier) -> None:
    reasons = {membership.article_id: membership for membership in dossier.memberships}
    say("Why each article belongs here:")
    for article in dossier.articles:
        membership = reasons[article.id]
        say(f"  {article.id[:_ID_CHARS]}  {article.publisher}: {article.title}")
        say(f"      {membership.reason} (by {membership.by})")


def _say_event(found: EventFacts) -> None:
    say(found.title, style="bold")
    if found.hook:
        say(f"💡 {found.hook}")
    told = f"{found.coverage.articles} articles, {found.coverage.publishers} publishers"
    say(f"{found.week} · {found.freshness} · {told} · {found.kind} · {found.url}")
    if found.entities:
        say(f"About: {', '.join(found.entities)}")
    if found.insight:
        _say_insight(found.insight)
    for match in found.audiences:
        say(f"Who should care: {match.id} ({match.reason})")
    for article in found.articles:
        say(f"  {when(article.published_at)}  {article.publisher}: {article.title}\n      {article.url}")


def _say_insight(insight: InsightFacts) -> None:
    lines = (
        ("What Changed", insight.what_changed),
        ("Why It Matters", insight.why_it_matters),
        ("What To Do Next", insight.what_to_do_next),
    )
    for label, text in lines:
        if text:
            say(f"{label}: {text}")
    for takeaway in insight.takeaways:
        say(f"  • {takeaway}")
    for implication in insight.implications:
        say(f"  🔮 {implication.prediction} ({implication.rationale})")
    for entry in insight.timeline:
        say(f"  ⏳ {entry.date}: {entry.text}")
