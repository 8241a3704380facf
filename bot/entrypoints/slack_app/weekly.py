"""A person's own weekly message: subscribe, unsubscribe."""

from slack_bolt import Ack, App

from bot.compose import actions, slack_choices, slack_forms
from bot.compose.blocks import block
from bot.compose.voice import Voice
from bot.entrypoints.slack_app import home
from bot.entrypoints.slack_app.asked import Asked
from bot.entrypoints.slack_app.forms import answer_of
from bot.entrypoints.slack_app.people import Person
from bot.entrypoints.slack_app.reception import Body, Reception, team_of, user_of
from bot.model.digest import SlackMessage
from bot.model.subscriber import Subscription
from bot.model.values import AudienceId, Json
from bot.workflows import personal
from bot.workflows.personal import Reader


def register(app: App, reception: Reception) -> None:
    """Listen for the form."""

    def chosen(ack: Ack, body: Body) -> None:
        person = reception.people.person(team_of(body), user_of(body))
        voice = reception.voice(person)
        ack(response_action="update", view=_kept(_keep(body, person, reception, voice=voice), voice=voice))
        if body["view"].get("private_metadata") == actions.FROM_HOME:
            reception.act(body, lambda known: home.publish(known, reception))

    app.view(actions.SUBSCRIBE_FORM)(chosen)


def ask(asked: Asked, reception: Reception) -> SlackMessage | None:
    """Answer the verb `subscribe` with the form, filled with what the person has."""
    bot = reception.bot
    _, chosen = personal.load(asked.reader, store=bot.store, now=asked.voice.now)
    languages = bot.desk.recap.languages
    form = slack_choices.subscribe(bot.desk.audiences, languages=languages, chosen=chosen, voice=asked.voice)
    reception.client.views_open(trigger_id=asked.body["trigger_id"], view=form)
    return None


def end(asked: Asked, reception: Reception) -> SlackMessage:
    """Send no weekly message any more."""
    was_subscribed = personal.unsubscribe(asked.reader, store=reception.bot.store, now=asked.voice.now)
    return asked.answer("done", what="unsubscribe" if was_subscribed else "unsubscribe_unknown")


def _keep(body: Body, person: Person, reception: Reception, *, voice: Voice) -> Subscription:
    """Keep what the form says; sent twice, it says the same. What is no choice of ours falls back to the usual."""
    bot = reception.bot
    known = {audience.id for audience in bot.desk.audiences}
    day, hour = answer_of(body, "subscribe_day"), answer_of(body, "subscribe_hour")
    tongue = answer_of(body, "subscribe_language")
    language = tongue if tongue in bot.desk.recap.languages else voice.language
    return personal.subscribe(
        Reader(person.workspace, person.id, language, person.timezone),
        audiences=[each for each in _audiences(body) if each in known],
        day=int(day) % 7 if day.isdecimal() else 0,
        hour=int(hour) % slack_choices.HOURS if hour.isdecimal() else 9,
        store=bot.store,
        now=voice.now,
    )


def _audiences(body: Body) -> list[AudienceId]:
    field = body["view"]["state"]["values"].get("subscribe_audiences", {}).get("value", {})
    return [str(each.get("value")) for each in field.get("selected_options") or []]


def _kept(kept: Subscription, *, voice: Voice) -> Json:
    day = slack_choices.day_names(voice.language)[kept.day]
    text = voice.words("command/done.mrkdwn.j2", what="subscribe", day=day, hour=f"{kept.hour:02d}:00")
    return slack_forms.view(block("section", text), title="subscribe_title", voice=voice)
