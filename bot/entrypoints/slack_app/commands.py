"""The slash command: acknowledged at once, answered by response_url."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from slack_bolt import Ack, App

from bot.compose.blocks import block
from bot.entrypoints.slack_app import grammar
from bot.entrypoints.slack_app.people import Person
from bot.entrypoints.slack_app.reception import Body, Reception
from bot.model.digest import SlackMessage
from bot.model.values import Language

COMMAND = "/recap"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: who asks what, where, and in which language the answer goes."""

    person: Person
    verb: str
    words: str
    channel: str
    language: Language
    body: Body
    page: int = 1


Answer = Callable[[Asked, Reception], SlackMessage | None]
"""Answers one verb; null where it answered in its own way, such as by a modal."""


def register(app: App, reception: Reception) -> None:
    """Listen for the command."""

    def take(ack: Ack, body: Body) -> None:
        ack()
        reception.act(body, lambda person: _answer(person, body, reception))

    app.command(COMMAND)(take)


def _answer(person: Person, body: Body, reception: Reception) -> None:
    channel = str(body.get("channel_id") or "")
    language = reception.language(person, channel=channel)
    command = grammar.parse(str(body.get("text") or ""))
    if isinstance(command, grammar.Misread):
        text = reception.render("command/misread.mrkdwn.j2", language=language, misread=command, command=COMMAND)
        reception.say(body, message_of(text))
        return
    asked = Asked(person, command.verb, command.words, channel, language, body)
    answer = ANSWERS.get(command.verb, _help)(asked, reception)
    if answer is not None:
        reception.say(body, answer)


def message_of(text: str) -> SlackMessage:
    """Return a message of one text."""
    return SlackMessage(part="answer", text=text, blocks=block("section", text))


def _help(asked: Asked, reception: Reception) -> SlackMessage:
    return message_of(reception.render("command/help.mrkdwn.j2", language=asked.language, command=COMMAND))


ANSWERS: Mapping[str, Answer] = {"help": _help}
"""Who answers which verb; another area adds its own here."""
