"""Buttons: turning a page, sharing an answer, and what people do with an event."""

import re
from typing import Any

from slack_bolt import Ack, App

from bot.compose import actions, slack_answers, slack_forms
from bot.compose.actions import Query
from bot.compose.voice import Voice
from bot.entrypoints.slack_app import commands
from bot.entrypoints.slack_app.asked import Asked, said_by
from bot.entrypoints.slack_app.people import Person
from bot.entrypoints.slack_app.reception import Body, Reception, channel_of
from bot.model.digest import SlackMessage
from bot.model.errors import NotFound
from bot.model.feedback import Vote
from bot.model.values import EventId
from bot.workflows import follow_threads, give_feedback, look_up, show_pages

VOTES = {actions.USEFUL: Vote.USEFUL, actions.NOT_FOR_ME: Vote.NOT_FOR_ME}


def register(app: App, reception: Reception) -> None:
    """Listen for clicks."""

    def turn(ack: Ack, body: Body) -> None:
        ack()
        reception.act(body, lambda person: _again(person, body, reception))

    def touch(ack: Ack, body: Body) -> None:
        ack()
        reception.act(body, lambda person: _touch(person, body, reception))

    app.action(actions.TURN)(turn)
    app.action(actions.SHARE_ANSWER)(turn)
    app.action(re.compile(r"event_[a-z_]+"))(touch)


def _again(person: Person, body: Body, reception: Reception) -> None:
    """Ask a question again: for another page in place of this one, or for everybody in the channel."""
    action = body["actions"][0]
    query = Query.parse(str(action.get("value") or ""))
    if query is None or query.verb not in commands.ANSWERS:
        return
    channel = channel_of(body)
    is_shared = action["action_id"] == actions.SHARE_ANSWER
    voice = reception.voice(person, channel=channel)
    asked = Asked(person, query, channel, body, voice, is_shared=is_shared)
    commands.answer(asked, reception, replace=not is_shared)


def _touch(person: Person, body: Body, reception: Reception) -> None:
    """Do what was clicked to an event."""
    action, event_id = what_of(body["actions"][0])
    voice = reception.voice(person, channel=channel_of(body))
    try:
        if action == actions.INSIGHT:
            _open_insight(event_id, body, reception, voice=voice)
        elif action == actions.WRONG:
            _open_wrong(event_id, body, reception, voice=voice)
        elif action == actions.SHARE:
            card = show_pages.event(event_id, desk=reception.bot.desk, now=voice.now, language=voice.language)
            shared = slack_answers.event(card, voice=voice, shared_by=person.id)
            reception.say(body, shared, in_channel=True)
        else:
            _tell(_do(action, event_id, person, reception, voice=voice), event_id, body, reception, voice=voice)
    except NotFound:
        reception.say(body, said_by(voice, "not_found", kind="event", said=event_id))


def what_of(action: dict[str, Any]) -> tuple[str, EventId]:
    """Return what was clicked and the event's id: of a button, or of an option of an event's menu."""
    if action["action_id"] == actions.MENU:
        name, _, event_id = str((action.get("selected_option") or {}).get("value") or "").partition(":")
        return name, event_id
    return str(action["action_id"]), str(action.get("value") or "")


def _do(action: str, event_id: EventId, person: Person, reception: Reception, *, voice: Voice) -> SlackMessage:
    desk, workspace, who = reception.bot.desk, person.workspace, person.id
    if action == actions.FOLLOW:
        found = follow_threads.follow(event_id, desk=desk, workspace=workspace, person=who, now=voice.now)
    else:
        vote = VOTES[action]
        found = give_feedback.vote(event_id, vote, desk=desk, workspace=workspace, person=who, now=voice.now)
    title = found.title_in(voice.language)[0]
    return said_by(voice, "done", what=action, title=title, event_id=found.event.id)


def _tell(done: SlackMessage, event_id: EventId, body: Body, reception: Reception, *, voice: Voice) -> None:
    """Say what was done: below the message, or in the modal where it was clicked."""
    view = body.get("view")
    if not view:
        reception.say(body, done)
        return
    card = show_pages.event(event_id, desk=reception.bot.desk, now=voice.now, language=voice.language)
    shown = slack_answers.modal(card, voice=voice, note=done.text)
    reception.client.views_update(view_id=view["id"], view=shown)


def _open_insight(event_id: EventId, body: Body, reception: Reception, *, voice: Voice) -> None:
    """Open the modal at once, for its trigger lives three seconds, and fill it when the card is there."""
    waiting = slack_forms.view(said_by(voice, "loading").blocks, title="insight", voice=voice, metadata=event_id)
    opened = reception.client.views_open(trigger_id=body["trigger_id"], view=waiting)
    card = show_pages.event(event_id, desk=reception.bot.desk, now=voice.now, language=voice.language)
    reception.client.views_update(view_id=opened["view"]["id"], view=slack_answers.modal(card, voice=voice))


def _open_wrong(event_id: EventId, body: Body, reception: Reception, *, voice: Voice) -> None:
    dossier = look_up.dossier_of(event_id, desk=reception.bot.desk)
    form = slack_forms.wrong(dossier.event.id, title=dossier.title_in(voice.language)[0], voice=voice)
    is_in_modal = (body.get("view") or {}).get("type") == "modal"
    show = reception.client.views_push if is_in_modal else reception.client.views_open
    show(trigger_id=body["trigger_id"], view=form)
