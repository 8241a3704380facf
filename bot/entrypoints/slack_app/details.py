"""Verbs about one event: event, why, follow, unfollow."""

from bot.compose import actions, slack_answers
from bot.compose.card import event_url
from bot.entrypoints.slack_app.asked import Asked
from bot.entrypoints.slack_app.grammar import event_id
from bot.entrypoints.slack_app.reception import Reception
from bot.model.digest import SlackMessage
from bot.model.errors import NotFound
from bot.workflows import explain_place, follow_threads, show_pages


def event(asked: Asked, reception: Reception) -> SlackMessage:
    """Answer with the whole card."""
    voice = asked.voice
    try:
        card = show_pages.event(event_id(asked.words), desk=reception.bot.desk, now=voice.now, language=voice.language)
    except NotFound:
        return asked.not_found("event")
    return slack_answers.event(card, voice=voice, shared_by=asked.shared_by)


def why(asked: Asked, reception: Reception) -> SlackMessage:
    """Answer with what carried an event to its place."""
    desk, language = reception.bot.desk, asked.voice.language
    try:
        found = explain_place.explain(event_id(asked.words), desk=desk)
    except NotFound:
        return asked.not_found("event")
    return asked.answer(
        "why",
        url=event_url(found.dossier.event, policy=desk.card),
        title=found.dossier.title_in(language)[0],
        week=found.week.id,
        scored=found.scored,
        rank=found.rank,
        audiences=found.dossier.event.audiences,
        names=desk.card.audience_names | desk.card.audience_names_in.get(language, {}),
    )


def follow(asked: Asked, reception: Reception) -> SlackMessage:
    """Follow an event's affair."""
    desk, person = reception.bot.desk, asked.person
    try:
        found = follow_threads.follow(
            event_id(asked.words), desk=desk, workspace=person.workspace, person=person.id, now=asked.voice.now
        )
    except NotFound:
        return asked.not_found("event")
    title = found.title_in(asked.voice.language)[0]
    return asked.answer("done", what=actions.FOLLOW, title=title, event_id=found.event.id)


def unfollow(asked: Asked, reception: Reception) -> SlackMessage:
    """Follow it no longer."""
    desk, person = reception.bot.desk, asked.person
    try:
        found, was_followed = follow_threads.unfollow(
            event_id(asked.words), desk=desk, workspace=person.workspace, person=person.id
        )
    except NotFound:
        return asked.not_found("event")
    what = "unfollow" if was_followed else "unfollow_unknown"
    return asked.answer("done", what=what, title=found.title_in(asked.voice.language)[0])
