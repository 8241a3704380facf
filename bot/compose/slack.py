"""Slack messages: the digest in one, each event's card in a reply, within Slack's limits."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.compose import fit
from bot.compose.words import shorten
from bot.model.digest import Card, Digest, Route, SlackMessage
from bot.model.policy import CardPolicy
from bot.model.values import Json
from bot.ports import Renderer

MAX_BLOCKS = 45
MAX_MESSAGE_CHARS = 10_000
"""Ours, both: DESIGN.md section 6. Slack's are 50 and about 13,000. Source: CONVENTIONS S1, S13."""
MAX_TEXT_CHARS = 3000
"""Source: CONVENTIONS S3, S7."""
MAX_HEADER_CHARS = 150
"""Source: CONVENTIONS S2."""
MAX_SUMMARY_CHARS = 500
"""Ours: a notification shows less. Slack advises 4000. Source: CONVENTIONS S21."""

_EVENT_PARTS = (
    ("head", "context"),
    ("title", "section"),
    ("hook", "section"),
    ("tldr", "section"),
    ("audiences", "section"),
    ("insight", "section"),
    ("takeaways", "section"),
    ("implications", "section"),
    ("timeline", "section"),
    ("sources", "context"),
    ("coverage", "context"),
    ("recap", "section"),
    ("related", "section"),
    ("attribution", "context"),
    ("original", "section"),
)
"""The parts of the card in PRODUCT.md's order, each a template and the kind of its block."""


def messages(
    digest: Digest, route: Route, *, renderer: Renderer, policy: CardPolicy, now: datetime
) -> list[SlackMessage]:
    """Return the digest's message (`parent`) and one reply per event (`reply-01`, …), in the order of the cards."""
    page = _Page(digest, route, renderer=renderer, policy=policy, now=now)
    replies = [page.reply(number, card) for number, card in enumerate(digest.cards, 1)]
    return [page.parent(), *replies]


class _Page:
    """One digest on its way to one route's channel."""

    def __init__(self, digest: Digest, route: Route, *, renderer: Renderer, policy: CardPolicy, now: datetime) -> None:
        self.digest = digest
        self.route = route
        self.renderer = renderer
        self.values: Mapping[str, object] = {"digest": digest, "route": route, "site": policy, "now": now}

    def parent(self) -> SlackMessage:
        """Show every event at the most generous size that fits; at the tightest, leave the last ones to the web."""
        frame = self._frame(left=0)
        for size in fit.SIZES:
            events = [self._event(number, card, size) for number, card in enumerate(self.digest.cards, 1)]
            if _fits([*frame, *events]):
                return self._message("parent", self._summary(), self._frame(left=0, events=events))
        shown = len(events)
        while not _fits(blocks := self._frame(left=len(events) - shown, events=events[:shown])):
            shown -= 1
        return self._message("parent", self._summary(), blocks)

    def reply(self, number: int, card: Card) -> SlackMessage:
        """Show the whole card at the most generous size that fits."""
        blocks: list[Json] = []
        for size in fit.SIZES:
            blocks = self._card(fit.to_size(card, size))
            if _fits(blocks):
                break
        summary = self._text("event/text.mrkdwn.j2", card=fit.to_size(card, fit.SIZES[2]), number=number)
        return self._message(f"reply-{number:02d}", summary, blocks)

    def _frame(self, *, left: int, events: Sequence[Json] = ()) -> list[Json]:
        header = shorten(self._text("recap/header.txt.j2"), MAX_HEADER_CHARS)
        note = shorten(self.digest.note, MAX_TEXT_CHARS // 2)
        return [
            {"type": "header", "text": {"type": "plain_text", "text": header, "emoji": False}},
            *_block("context", self._text("recap/numbers.mrkdwn.j2")),
            *_block("section", self._text("recap/note.mrkdwn.j2", note=note)),
            {"type": "divider"},
            *events,
            *_block("section", self._text("recap/more.mrkdwn.j2", left=left)),
            {"type": "divider"},
            *_block("context", self._text("recap/footer.mrkdwn.j2")),
        ]

    def _event(self, number: int, card: Card, size: fit.Size) -> Json:
        text = self._text("recap/event.mrkdwn.j2", card=fit.to_size(card, size), number=number)
        return _block("section", text)[0]

    def _card(self, card: Card) -> list[Json]:
        return [
            block
            for part, kind in _EVENT_PARTS
            for block in _block(kind, self._text(f"event/{part}.mrkdwn.j2", card=card))
        ]

    def _summary(self) -> str:
        titles = [shorten(card.title, 100) for card in self.digest.cards]
        return self._text("recap/text.mrkdwn.j2", titles=titles)

    def _text(self, template: str, **values: object) -> str:
        text = self.renderer.render(f"slack/{template}", language=self.route.language, **self.values, **values)
        return "\n".join(line.strip() for line in text.strip().splitlines())

    def _message(self, part: str, summary: str, blocks: list[Json]) -> SlackMessage:
        return SlackMessage(part=part, text=summary, blocks=blocks)


def _block(kind: str, text: str) -> list[Json]:
    """Return a block of *text*; none where there is no text, for Slack refuses empty ones."""
    if not text:
        return []
    element: Json = {"type": "mrkdwn", "text": text, "verbatim": True}
    if kind == "context":
        return [{"type": "context", "elements": [element]}]
    return [{"type": "section", "text": element}]


def _fits(blocks: Sequence[Json]) -> bool:
    sizes = [len(text) for block in blocks for text in texts(block)]
    return len(blocks) <= MAX_BLOCKS and sum(sizes) <= MAX_MESSAGE_CHARS and max(sizes, default=0) <= MAX_TEXT_CHARS


def texts(block: Json) -> list[str]:
    """Return the texts of *block*, as Slack counts them."""
    held = [block.get("text"), *_list(block.get("elements")), *_list(block.get("fields"))]
    return [str(item["text"]) for item in held if isinstance(item, dict) and item.get("text")]


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
