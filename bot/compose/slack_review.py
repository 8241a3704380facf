"""The message about a draft in the editors' channel, what is said in its thread, and its answers."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.compose import actions, revise, sections
from bot.compose.actions import Touch
from bot.compose.blocks import MAX_TEXT_CHARS, asking, block, button, fits, header, plain, row, with_menu
from bot.compose.mrkdwn import Markup
from bot.compose.voice import Voice
from bot.compose.words import shorten
from bot.model.digest import Card, Digest, DigestState, SlackMessage
from bot.model.feedback import ReviewAct
from bot.model.route import OnTimeout
from bot.model.values import EventId, Json

MOST_LEFT_OUT = 20
"""Offered to be added: their labels count as the message's own text."""
LISTED_LEFT_OUT = 3
_ENDINGS = ("approve", "reject", "timeout")
_TITLE_CHARS = 150
_HEADING_CHARS = 80
_WORDS_SIZES = (2000, 500, 100)
"""Of what somebody typed, from generous to tight: an entity takes five characters of one."""
_CHANNEL_ID = re.compile(r"[CG][A-Z0-9]+")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An event of the week that a draft does not show."""

    event_id: EventId
    title: str
    url: str
    score: float


@dataclass(frozen=True, slots=True)
class Draft:
    """A digest under review, as editors see it; also after it has ended."""

    digest: Digest
    name: str
    """Of its route."""
    places: Sequence[str]
    """Where it goes: channels and email lists."""
    acts: Sequence[ReviewAct]
    """What was done to it, oldest first."""
    pins: Sequence[EventId] = ()
    """The topmost first."""
    left_out: Sequence[LeftOut] = ()
    """Those that its route would show next come first."""
    until: datetime | None = None
    """Its deadline; null where it has none."""
    on_timeout: OnTimeout = OnTimeout.HOLD

    @property
    def seen(self) -> int:
        """How many acts changed it: what was seen before is out of date."""
        return len(self.acts)

    @property
    def ending(self) -> ReviewAct | None:
        """Return the act that ended its review; null while it is open, or where none was recorded."""
        return next((act for act in reversed(self.acts) if act.act in _ENDINGS), None)

    @property
    def is_open(self) -> bool:
        """Return whether it still waits for an editor."""
        return self.digest.state is DigestState.DRAFT


@dataclass(frozen=True, slots=True)
class _Size:
    """How much is shown: code points of texts, lengths of lists."""

    title: int
    hook: int
    reasons: int
    names: int
    """Of audiences, in all."""
    note: int
    offered: int


_SIZES = (
    _Size(title=300, hook=200, reasons=2, names=200, note=1200, offered=MOST_LEFT_OUT),
    _Size(title=160, hook=0, reasons=2, names=120, note=600, offered=MOST_LEFT_OUT),
    _Size(title=100, hook=0, reasons=2, names=80, note=300, offered=10),
    _Size(title=60, hook=0, reasons=0, names=0, note=150, offered=5),
)
"""From generous to tight: at the last one, events that do not fit are left to the command."""


def message(draft: Draft, *, voice: Voice) -> SlackMessage:
    """Return the message about *draft*: every event that fits, what was left out, and what can be done."""
    page = _Page(draft, voice)
    for size in _SIZES:
        events = page.events(size)
        if fits(blocks := page.blocks(size, events)):
            break
    shown = len(events)
    while shown and not fits(blocks):
        shown -= 1
        blocks = page.blocks(size, events[:shown])
    text = page.words("text", title=shorten(draft.digest.title, _TITLE_CHARS))
    return SlackMessage(part="parent", text=text, blocks=blocks)


def told(act: ReviewAct, *, title: str, part: str, voice: Voice) -> SlackMessage:
    """Return the line of the thread that says who did what; *title* is that of the event that it was done to."""
    shown = shorten(title, _TITLE_CHARS)
    return _said(part, (voice.words("review/act.mrkdwn.j2", act=act, title=shown, size=size) for size in _WORDS_SIZES))


def reminder(draft: Draft, reviewers: Sequence[str], *, part: str, voice: Voice) -> SlackMessage:
    """Return the line of the thread that names *reviewers* (Slack ids) and says how long the draft still waits."""
    named = Markup(" ".join(f"<!subteam^{each}>" if each.startswith("S") else f"<@{each}>" for each in reviewers))
    return _said(part, [voice.words("review/reminder.mrkdwn.j2", draft=draft, named=named, part=part)])


def answer(
    kind: str,
    draft: Draft | None,
    *,
    voice: Voice,
    act: ReviewAct | None = None,
    title: str = "",
    reason: str = "",
    typed: str = "",
) -> SlackMessage:
    """
    Return what only the editor who pressed something sees.

    The draft has `changed` or `ended`, or is `gone`; the act was `refused`, or `denied` to this person.

    *act* is what changed it, *title* that of its event, *reason* why it was refused, *typed* what must not be lost.
    """
    values = {"kind": kind, "draft": draft, "act": act, "title": shorten(title, _TITLE_CHARS), "reason": reason}
    texts = (voice.words("review/answer.mrkdwn.j2", **values, typed=typed, size=size) for size in _WORDS_SIZES)
    return _said("answer", texts)


class _Page:
    """One draft on its way to the editors' channel."""

    def __init__(self, draft: Draft, voice: Voice) -> None:
        self.draft = draft
        self.voice = voice
        self.cards = revise.in_order(draft.digest)
        self.headings = sections.headings(draft.digest.sections, self.cards)
        self.takes_clicks = voice.policy.takes_clicks and draft.is_open

    def words(self, part: str, **values: object) -> str:
        kind = "txt" if part in ("header", "confirm") else "mrkdwn"
        texts = (
            self.voice.words(f"review/{part}.{kind}.j2", draft=self.draft, size=size, **values)
            for size in _WORDS_SIZES[1:]
        )
        return _first_that_fits(texts)

    def events(self, size: _Size) -> list[Json]:
        return [shown for number, card in enumerate(self.cards, 1) for shown in self._event(card, number, size)]

    def blocks(self, size: _Size, events: Sequence[Json]) -> list[Json]:
        return [
            header(self.words("header")),
            *block("section", self.words("state", places=[_named(each) for each in self.draft.places])),
            *block("section", self._note(size)),
            {"type": "divider"},
            *events,
            *block("section", self.words("more", left=len(self.cards) - len(events))),
            *self._left_out(size),
            {"type": "divider"},
            *row(self._buttons()),
            *block("context", self.words("footer", takes_clicks=self.takes_clicks)),
        ]

    def _note(self, size: _Size) -> str:
        """Return the editor's note, shortened until it fits one text: an entity takes five characters of one."""
        notes = (self.words("note", note=shorten(self.draft.digest.note, most)) for most in (size.note, size.note // 2))
        return next((note for note in notes if len(note) <= MAX_TEXT_CHARS), "")

    def _event(self, card: Card, number: int, size: _Size) -> list[Json]:
        text = self.words(
            "event",
            card=card,
            number=number,
            title=shorten(card.title, size.title),
            heading=shorten(self.headings.get(card.event_id, ""), _HEADING_CHARS),
            hook=shorten(card.hook.text, size.hook) if card.hook and size.hook else "",
            audiences=shorten(", ".join(each.name for each in card.audiences), size.names) if size.names else "",
            reasons=size.reasons,
            is_pinned=card.event_id in self.draft.pins,
        )
        shown = block("section", text)
        return with_menu(shown, self._options(card, number), action=actions.REVIEW_MENU) if self.takes_clicks else shown

    def _options(self, card: Card, number: int) -> list[tuple[str, str]]:
        """Return what can be done to an event here: what would change nothing is left out. At most five."""
        is_pinned, above = card.event_id in self.draft.pins, len(self.draft.pins)
        can = {
            "up": not is_pinned and number > above + 1,
            "down": not is_pinned and number < len(self.cards),
            "top": number > 1 if is_pinned else number > above + 1,
            "unpin": is_pinned,
            "pin": not is_pinned,
            "drop": True,
        }
        return [(self._touch(act, card.event_id), self.voice.label(f"review_{act}")) for act, may in can.items() if may]

    def _left_out(self, size: _Size) -> list[Json]:
        left = self.draft.left_out
        if not left or not self.draft.is_open:
            return []
        listed = [(each, shorten(each.title, size.title)) for each in left[:LISTED_LEFT_OUT]]
        texts = (
            self.words("left_out", listed=listed[:count], more=len(left) - count)
            for count in range(len(listed), -1, -1)
        )
        shown = block("section", next(text for text in texts if len(text) <= MAX_TEXT_CHARS))
        return [{**shown[0], "accessory": self._choice(left[: size.offered])}] if self.takes_clicks else shown

    def _choice(self, left: Sequence[LeftOut]) -> Json:
        options: list[Json] = [
            {"text": plain(each.title.strip() or each.event_id), "value": self._touch("add", each.event_id)}
            for each in left
        ]
        return {
            "type": "static_select",
            "action_id": actions.REVIEW_ADD,
            "placeholder": plain(self.voice.label("review_add")),
            "options": [*options],
        }

    def _buttons(self) -> list[Json]:
        if not self.takes_clicks:
            return []
        named = (
            (actions.REVIEW_APPROVE, "primary"),
            (actions.REVIEW_REJECT, "danger"),
            (actions.REVIEW_NOTE, ""),
            (actions.REVIEW_REWRITE, ""),
        )
        made = {name: self._button(name, style) for name, style in named if self.cards or name in _NEED_NO_EVENT}
        if approve := made.get(actions.REVIEW_APPROVE):
            made[actions.REVIEW_APPROVE] = self._asking(approve)
        return [*made.values()]

    def _button(self, name: str, style: str) -> Json:
        value = self._touch(name.removeprefix("review_"))
        return button(self.voice.label(name), action=name, value=value, style=style)

    def _asking(self, approve: Json) -> Json:
        return asking(
            approve,
            title=self.voice.label("review_confirm"),
            text=self.words("confirm"),
            confirm=self.voice.label(actions.REVIEW_APPROVE),
            deny=self.voice.label("cancel"),
        )

    def _touch(self, act: str, event: EventId = "") -> str:
        return Touch(act, self.draft.digest.key, self.draft.seen, event).value()


def _named(place: str) -> str:
    """Return a channel's id as its name, which Slack puts in; a name as it is."""
    return Markup(f"<#{place}>") if _CHANNEL_ID.fullmatch(place) else place


_NEED_NO_EVENT = (actions.REVIEW_REJECT, actions.REVIEW_NOTE)


def _said(part: str, texts: Iterable[str]) -> SlackMessage:
    """Return the message of the first of *texts*, ever shorter, that fits into one block."""
    text = _first_that_fits(texts)
    return SlackMessage(part=part, text=text, blocks=block("section", text))


def _first_that_fits(texts: Iterable[str]) -> str:
    for text in texts:
        if len(text) <= MAX_TEXT_CHARS:
            break
    return text
