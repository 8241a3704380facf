"""Answers in Slack: lists of events page by page, one event's card as message or modal, lines of text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.compose import actions, card, fit, slack, slack_forms
from bot.compose.actions import Query
from bot.compose.blocks import MAX_BLOCKS, block, button, fits, row
from bot.compose.voice import Voice
from bot.compose.words import shorten
from bot.model.digest import Card, SlackMessage
from bot.model.event import Dossier, EventState
from bot.model.insight import Insight
from bot.model.policy import CardPolicy
from bot.model.values import EventId, Json, Language

_LINE_SIZES = ((300, 400), (200, 250), (120, 120), (80, 0))
"""Characters of title and hook, from generous to tight."""


@dataclass(frozen=True, slots=True)
class Line:
    """An event in a list."""

    event_id: EventId
    title: str
    url: str
    language: Language
    hook: str
    publisher: str
    publishers: int
    at: datetime
    """When it was last told of."""
    state: EventState
    is_hot: bool = False
    week: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of a list."""

    lines: Sequence[Line]
    number: int
    pages: int
    total: int
    first: int
    """Number of the first line."""


def line_of_card(shown: Card) -> Line:
    """Return the line of an event that a digest shows."""
    return Line(
        event_id=shown.event_id,
        title=shown.title,
        url=shown.url,
        language=shown.language,
        hook=shown.hook.text if shown.hook else "",
        publisher=shown.publisher,
        publishers=len(shown.coverage.publishers),
        at=shown.last_published_at,
        state=shown.state,
        is_hot=shown.is_hot,
        week=shown.week,
    )


def line_of_event(dossier: Dossier, insight: Insight | None, *, policy: CardPolicy, language: Language) -> Line:
    """Return the line of any event: title and hook as its card has them in *language*, of its *insight* if any."""
    event = dossier.event
    title, language_of_title = card.title_of(dossier, insight, language=language)
    return Line(
        event_id=event.id,
        title=title,
        url=card.event_url(event, policy=policy),
        language=language_of_title,
        hook=card.hook_of(event, insight, title=title),
        publisher=dossier.publishers[0],
        publishers=len(dossier.publishers),
        at=event.last_published_at,
        state=event.state,
    )


def said(text: str) -> SlackMessage:
    """Return a message of one text."""
    return SlackMessage(part="answer", text=text, blocks=block("section", text))


def listing(listed: Listing, query: Query, *, voice: Voice, shared_by: str = "", **values: object) -> SlackMessage:
    """
    Return a page of events with buttons to turn it and to share it.

    *values* are what the verb's heading tells. What is *shared_by* somebody has no buttons but those of its events.
    """
    heading = voice.words("command/heading.mrkdwn.j2", query=query, listed=listed, **values)
    footer = voice.words("command/footer.mrkdwn.j2", query=query, listed=listed, shared_by=shared_by)
    buttons = row([] if shared_by else _turning(listed, query, voice=voice))
    details = voice.label(actions.INSIGHT)
    for title_chars, hook_chars in _LINE_SIZES:
        texts = _texts(listed, voice=voice, title_chars=title_chars, hook_chars=hook_chars)
        lines = [_line(text, line, details) for text, line in zip(texts, listed.lines, strict=True)]
        blocks = [*block("section", heading), *lines, *buttons, *block("context", footer)]
        if fits(blocks):
            break
    return SlackMessage(part="answer", text=heading, blocks=blocks)


def lines(listed: Listing, *, voice: Voice) -> list[Json]:
    """Return a block for each event of a list, with its button; at most as much of each as fits beside other things."""
    title_chars, hook_chars = _LINE_SIZES[1]
    texts = _texts(listed, voice=voice, title_chars=title_chars, hook_chars=hook_chars, with_id=False)
    details = voice.label(actions.INSIGHT)
    return [_line(text, line, details) for text, line in zip(texts, listed.lines, strict=True)]


def event(shown: Card, *, voice: Voice, shared_by: str = "") -> SlackMessage:
    """Return the whole card as one message, at the most generous size that fits."""
    buttons = row(() if shared_by else event_buttons(shown.event_id, voice=voice, with_share=True))
    footer = block("context", voice.words("command/shared.mrkdwn.j2", shared_by=shared_by) if shared_by else "")
    for smaller in fit.ever_smaller(shown):
        blocks = [*_card(smaller, voice=voice), *buttons, *footer]
        if fits(blocks, most=MAX_BLOCKS):
            break
    text = voice.words("command/text.mrkdwn.j2", card=fit.to_size(shown, slack.SUMMARY_SIZE))
    return SlackMessage(part="answer", text=text, blocks=blocks)


def modal(shown: Card, *, voice: Voice, note: str = "") -> Json:
    """Return the whole card as a modal; *note* says what was just done, in place of the buttons."""
    end = block("context", note) if note else row(event_buttons(shown.event_id, voice=voice))
    for smaller in fit.ever_smaller(shown):
        blocks = [*_card(smaller, voice=voice), *end]
        if fits(blocks, most=slack_forms.MAX_MODAL_BLOCKS, max_chars=slack_forms.MAX_MODAL_CHARS):
            break
    return slack_forms.view(blocks, title="insight", voice=voice, metadata=shown.event_id)


def event_buttons(event_id: EventId, *, voice: Voice, with_share: bool = False) -> list[Json]:
    """Return the buttons below an event's card."""
    named = [*actions.ON_EVENT, *([actions.SHARE] if with_share else [])]
    return [button(voice.label(name), action=name, value=event_id) for name in named]


def _card(shown: Card, *, voice: Voice) -> list[Json]:
    values = {"card": shown, "digest": {"title": voice.policy.title}}
    return [
        part
        for name, kind in slack.EVENT_PARTS
        for part in block(kind, voice.words(f"event/{name}.mrkdwn.j2", **values))
    ]


def _texts(listed: Listing, *, voice: Voice, title_chars: int, hook_chars: int, with_id: bool = True) -> list[str]:
    return [
        voice.words(
            "command/line.mrkdwn.j2",
            line=line,
            with_id=with_id,
            number=number,
            title=shorten(line.title, title_chars),
            hook=shorten(line.hook, hook_chars) if hook_chars else "",
            publisher=fit.name(line.publisher),
        )
        for number, line in enumerate(listed.lines, listed.first)
    ]


def _line(text: str, line: Line, details: str) -> Json:
    shown = button(details, action=actions.INSIGHT, value=line.event_id)
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}, "accessory": shown}


def _turning(listed: Listing, query: Query, *, voice: Voice) -> list[Json]:
    found = []
    if listed.number > 1:
        found.append((actions.PREVIOUS, query.value(page=listed.number - 1)))
    if listed.number < listed.pages:
        found.append((actions.NEXT, query.value(page=listed.number + 1)))
    if listed.lines:
        found.append((actions.SHARE_ANSWER, query.value(page=listed.number)))
    return [button(voice.label(name), action=name, value=value) for name, value in found]
