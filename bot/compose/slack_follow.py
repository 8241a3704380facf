"""The direct message to somebody who follows an affair."""

from collections.abc import Sequence

from bot.compose import actions
from bot.compose.blocks import block, button, row
from bot.compose.voice import Voice
from bot.compose.words import shorten
from bot.model.digest import CardLink, SlackMessage
from bot.model.values import EventId

MOST_LINKS = 5
_TITLE_CHARS = 200
_NAME_CHARS = 60


def message(event_id: EventId, news: Sequence[CardLink], *, title: str, url: str, voice: Voice) -> SlackMessage:
    """
    Return the message that tells of *news* in the affair of an event, oldest first; at most five are shown.

    No news means that what the reader followed was merged into the event.
    """
    shown = [
        each.model_copy(
            update={"title": shorten(each.title, _TITLE_CHARS), "publisher": shorten(each.publisher, _NAME_CHARS)}
        )
        for each in news[:MOST_LINKS]
    ]
    more = len(news) - len(shown)
    text = voice.words("follow/parent.mrkdwn.j2", title=shorten(title, _TITLE_CHARS), url=url, news=shown, more=more)
    footer = voice.words("follow/footer.mrkdwn.j2", event_id=event_id)
    details = button(voice.label(actions.INSIGHT), action=actions.INSIGHT, value=event_id)
    return SlackMessage(
        part="parent", text=text, blocks=[*block("section", text), *row([details]), *block("context", footer)]
    )
