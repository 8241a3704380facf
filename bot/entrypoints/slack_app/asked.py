"""A question on its way to an answer."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.compose import slack_answers
from bot.compose.actions import Query
from bot.compose.voice import Voice
from bot.entrypoints.slack_app.people import Person
from bot.entrypoints.slack_app.reception import Body, Reception
from bot.model.digest import SlackMessage
from bot.workflows.personal import Reader


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: who asks what, and where."""

    person: Person
    query: Query
    channel: str
    body: Body
    voice: Voice
    is_shared: bool = False
    """Whether the answer goes to everybody in the channel."""

    @property
    def words(self) -> str:
        """What stands after the verb."""
        return self.query.words

    @property
    def shared_by(self) -> str:
        """The person whom everybody in the channel owes the answer; empty where the person alone gets it."""
        return self.person.id if self.is_shared else ""

    @property
    def reader(self) -> Reader:
        """The person as the workflows know them."""
        return Reader(self.person.workspace, self.person.id, self.voice.language, self.person.timezone)

    def not_found(self, kind: str, **values: object) -> SlackMessage:
        """Return the hint for something that is not there: an `event`, a `week`, an `audience` or a `date`."""
        return self.answer("not_found", kind=kind, said=self.words, **values)

    def answer(self, name: str, **values: object) -> SlackMessage:
        """Return the message of one text, `templates/slack/command/NAME`."""
        return said_by(self.voice, name, **values)


Answer = Callable[[Asked, Reception], SlackMessage | None]
"""Answers one verb; null where it answered in its own way, such as by a modal."""


def said_by(voice: Voice, name: str, **values: object) -> SlackMessage:
    """Return the message of one text, `templates/slack/command/NAME`."""
    return slack_answers.said(voice.words(f"command/{name}.mrkdwn.j2", **values))
