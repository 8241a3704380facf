"""Forms: what is wrong with an event, and feedback on any of the week's."""

from slack_bolt import Ack, App

from bot.compose import actions, slack_forms
from bot.entrypoints.slack_app.asked import Asked
from bot.entrypoints.slack_app.grammar import event_id
from bot.entrypoints.slack_app.people import Person
from bot.entrypoints.slack_app.reception import Body, Reception, team_of, user_of
from bot.model.digest import Card, SlackMessage
from bot.model.errors import NotFound
from bot.model.feedback import Vote
from bot.model.values import EventId
from bot.workflows import browse, give_feedback, show_pages


def register(app: App, reception: Reception) -> None:
    """Listen for forms that were sent."""

    def wrong(ack: Ack, body: Body) -> None:
        _thank(ack, body, reception)
        note = answer_of(body, "wrong_note")
        reception.act(body, lambda person: _save(body["view"]["private_metadata"], "wrong", note, person, reception))

    def feedback(ack: Ack, body: Body) -> None:
        _thank(ack, body, reception)
        event, vote, note = (answer_of(body, f"feedback_{name}") for name in ("event", "vote", "note"))
        reception.act(body, lambda person: _save(event, vote, note, person, reception))

    app.view(actions.WRONG_FORM)(wrong)
    app.view(actions.FEEDBACK_FORM)(feedback)


def ask(asked: Asked, reception: Reception) -> SlackMessage | None:
    """Answer the verb `feedback` with a form about one event, or about those of this channel's week."""
    try:
        cards = _offered(asked, reception)
    except NotFound:
        return asked.not_found("event" if asked.words else "week", latest="")
    if not cards:
        return asked.answer("nothing", query=asked.query)
    form = slack_forms.feedback(cards, voice=asked.voice)
    reception.client.views_open(trigger_id=asked.body["trigger_id"], view=form)
    return None


def answer_of(body: Body, name: str) -> str:
    """Return what was typed or chosen in the field *name* of a form; empty where nothing was."""
    field = body["view"]["state"]["values"].get(name, {}).get("value", {})
    return str(field.get("value") or (field.get("selected_option") or {}).get("value") or "")


def _offered(asked: Asked, reception: Reception) -> list[Card]:
    desk, voice = reception.bot.desk, asked.voice
    if asked.words:
        return [show_pages.event(event_id(asked.words), desk=desk, now=voice.now, language=voice.language)]
    route = reception.route_of(asked.channel)
    return list(browse.cards_of_week("", route=route.id if route else "", desk=desk, language=voice.language)[1])


def _thank(ack: Ack, body: Body, reception: Reception) -> None:
    person = reception.people.person(team_of(body), user_of(body))
    ack(response_action="update", view=slack_forms.thanks(voice=reception.voice(person)))


def _save(event: EventId, vote: str, note: str, person: Person, reception: Reception) -> None:
    give_feedback.vote(
        event,
        Vote(vote),
        desk=reception.bot.desk,
        workspace=person.workspace,
        person=person.id,
        now=reception.bot.clock.now(),
        note=note,
    )
