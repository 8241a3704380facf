"""Verbs that are answered by a list of events: week, search, who, since."""

from collections.abc import Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.compose import slack_answers
from bot.compose.slack_answers import Line, Listing
from bot.compose.voice import Voice
from bot.entrypoints.slack_app.asked import Asked
from bot.entrypoints.slack_app.dates import day_of
from bot.entrypoints.slack_app.reception import Reception
from bot.model.digest import Card, SlackMessage
from bot.model.errors import NotFound
from bot.model.event import Dossier
from bot.workflows import browse, catch_up, keep_time, look_up, mute_words
from bot.workflows.browse import Page

MAX_QUERY_CHARS = 200


def search(asked: Asked, reception: Reception) -> SlackMessage:
    """Answer with the events whose articles hold all the words."""
    desk = reception.bot.desk
    found = browse.search(asked.words[:MAX_QUERY_CHARS], desk=desk, page=asked.query.page)
    return _listed(asked, found, lines_of_events(found.shown, reception, voice=asked.voice))


def week(asked: Asked, reception: Reception) -> SlackMessage:
    """Answer with a week as this channel gets it; a channel without a route gets what any route shows."""
    desk, route = reception.bot.desk, reception.route_of(asked.channel)
    try:
        found = browse.week(
            asked.words,
            route=route.id if route else "",
            desk=desk,
            language=asked.voice.language,
            page=asked.query.page,
        )
    except NotFound:
        latest = keep_time.newest_whole(desk=desk)
        return asked.not_found("week", latest=latest.id if latest else "")
    return _listed(
        asked,
        found.page,
        _of_cards(found.page.shown),
        numbers=found.recap.numbers,
        title=found.recap.title,
        route=route.name if route else "",
        url=f"{desk.card.base_url.rstrip('/')}/w/{found.recap.week}",
    )


def who(asked: Asked, reception: Reception) -> SlackMessage:
    """Answer with what the last recaps told an audience."""
    desk, language = reception.bot.desk, asked.voice.language
    try:
        audience = browse.audience(asked.words, desk=desk)
    except NotFound:
        return asked.not_found("audience", audiences=desk.audiences)
    found = browse.of_audience(audience, desk=desk, language=language, page=asked.query.page)
    names = desk.card.audience_names | desk.card.audience_names_in.get(language, {})
    return _listed(asked, found, _of_cards(found.shown), audience=names.get(audience.id, audience.name))


def since(asked: Asked, reception: Reception) -> SlackMessage:
    """Answer with what happened since a day of the person's, without what they muted."""
    desk, zone, now = reception.bot.desk, ZoneInfo(asked.voice.zone), asked.voice.now
    day = day_of(asked.words, today=now.astimezone(zone).date())
    if day is None:
        return asked.not_found("date")
    at = datetime.combine(day, time(), zone)
    mutes = mute_words.mutes(asked.reader, store=desk.store, now=now)
    told = catch_up.since(at, desk=desk, now=now, mutes=mutes)
    found = browse.page_of(told, asked.query.page)
    is_cut = at < now - catch_up.LONGEST
    lines = lines_of_events(found.shown, reception, voice=asked.voice)
    return _listed(asked, found, lines, since=day, muted=len(mutes), is_cut=is_cut)


def lines_of_events(dossiers: Sequence[Dossier], reception: Reception, *, voice: Voice) -> list[Line]:
    """Return the lines of any events, worded as their cards are."""
    insights = look_up.stored_insights(dossiers, desk=reception.bot.desk, language=voice.language)
    return [
        slack_answers.line_of_event(each, insights.get(each.event.id), policy=voice.policy, language=voice.language)
        for each in dossiers
    ]


def _listed(asked: Asked, page: Page[Card] | Page[Dossier], lines: Sequence[Line], **values: object) -> SlackMessage:
    if not lines:
        return asked.answer("nothing", query=asked.query, **values)
    first = (page.number - 1) * browse.PER_PAGE + 1
    listed = Listing(lines, page.number, page.pages, page.total, first)
    return slack_answers.listing(listed, asked.query, voice=asked.voice, shared_by=asked.shared_by, **values)


def _of_cards(cards: Sequence[Card]) -> list[Line]:
    return [slack_answers.line_of_card(card) for card in cards]
