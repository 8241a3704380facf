"""The slash command: acknowledged at once, answered by response_url."""

from collections.abc import Mapping

from slack_bolt import Ack, App

from bot.compose.actions import Query
from bot.entrypoints.slack_app import chores, details, forms, grammar, listings, route_form, weekly
from bot.entrypoints.slack_app.asked import Answer, Asked, said_by
from bot.entrypoints.slack_app.people import Person
from bot.entrypoints.slack_app.reception import Body, Reception, channel_of

COMMAND = "/recap"

ANSWERS: Mapping[str, Answer] = {
    "week": listings.week,
    "search": listings.search,
    "who": listings.who,
    "since": listings.since,
    "event": details.event,
    "why": details.why,
    "follow": details.follow,
    "unfollow": details.unfollow,
    "mute": chores.mute,
    "unmute": chores.unmute,
    "feedback": forms.ask,
    "subscribe": weekly.ask,
    "unsubscribe": weekly.end,
    "sources": chores.sources,
    "route": route_form.ask,
    "help": chores.help_with,
}
"""Who answers which verb of the grammar."""


def register(app: App, reception: Reception) -> None:
    """Listen for the command."""

    def take(ack: Ack, body: Body) -> None:
        ack()
        reception.act(body, lambda person: _answer(person, body, reception))

    app.command(COMMAND)(take)


def answer(asked: Asked, reception: Reception, *, replace: bool = False) -> None:
    """Answer *asked* by its response_url, in the channel where it is shared."""
    with reception.making:
        found = ANSWERS.get(asked.query.verb, chores.help_with)(asked, reception)
    if found is not None:
        reception.say(asked.body, found, in_channel=asked.is_shared, replace=replace)


def _answer(person: Person, body: Body, reception: Reception) -> None:
    channel = channel_of(body)
    voice = reception.voice(person, channel=channel)
    command = grammar.parse(str(body.get("text") or ""))
    if isinstance(command, grammar.Misread):
        reception.say(body, said_by(voice, "misread", misread=command))
        return
    answer(Asked(person, Query(command.verb, command.words), channel, body, voice), reception)
