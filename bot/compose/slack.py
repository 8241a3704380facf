"""Slack messages: the digest in one, each event's card in a reply, within Slack's limits."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.compose import fit, sections
from bot.compose.words import shorten
from bot.model.digest import Card, CardLink, Digest, Route, SlackMessage
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
NOTE_SIZES = (2500, 1000, 400)
SUMMARY_SIZE = fit.SIZES[3]
"""Of a message's own text: a notification shows less still."""

_EVENT_PARTS = (
    ("head", "context"),
    ("title", "section"),
    ("whats_new", "section"),
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
    """Return the digest's message (`parent`) and one reply per event (`reply-01`, …), in the order shown."""
    page = _Page(digest, route, renderer=renderer, policy=policy, now=now)
    replies = [page.reply(number, card) for number, card in enumerate(page.cards, 1)]
    return [page.parent(), *replies]


class _Page:
    """One digest on its way to one route's channel."""

    def __init__(self, digest: Digest, route: Route, *, renderer: Renderer, policy: CardPolicy, now: datetime) -> None:
        self.digest = digest
        self.cards = sections.in_order(digest.cards, digest.sections)
        self.route = route
        self.renderer = renderer
        self.values: Mapping[str, object] = {"digest": digest, "route": route, "site": policy, "now": now}

    def parent(self) -> SlackMessage:
        """Show every event at the most generous size that fits; at the tightest, leave the last ones to the web."""
        cards = self.cards
        for size in fit.SIZES:
            cards = [fit.to_size(card, size) for card in cards]
            also = self._also(fit.also(self.digest.also, size))
            if _fits(blocks := self._frame(self._events(cards), also=also, left=0)):
                break
        shown = len(cards) + 1
        while shown and not _fits(blocks):
            shown -= 1
            blocks = self._frame(self._events(cards[:shown]), also=[], left=len(cards) - shown)
        return SlackMessage(part="parent", text=self._summary(), blocks=blocks)

    def reply(self, number: int, card: Card) -> SlackMessage:
        """Show the whole card at the most generous size that fits."""
        for shown in fit.ever_smaller(card):
            if _fits(blocks := self._card(shown)):
                break
        summary = self._text("event/text.mrkdwn.j2", card=fit.to_size(card, SUMMARY_SIZE), number=number)
        return SlackMessage(part=f"reply-{number:02d}", text=summary, blocks=blocks)

    def _frame(self, events: Sequence[Json], *, also: Sequence[Json], left: int) -> list[Json]:
        return [
            _header(self._text("recap/header.txt.j2")),
            *_block("context", self._text("recap/numbers.mrkdwn.j2")),
            *_block("section", self._note()),
            {"type": "divider"},
            *events,
            *_block("section", self._text("recap/more.mrkdwn.j2", left=left)),
            *also,
            {"type": "divider"},
            *_block("context", self._text("recap/footer.mrkdwn.j2")),
        ]

    def _note(self) -> str:
        """Return the editor's note, shortened until it fits one text: an entity takes five characters of one."""
        texts = (self._text("recap/note.mrkdwn.j2", note=shorten(self.digest.note, size)) for size in NOTE_SIZES)
        return next((text for text in texts if len(text) <= MAX_TEXT_CHARS), "")

    def _events(self, cards: Sequence[Card]) -> list[Json]:
        headings = sections.headings(self.digest.sections, cards)
        blocks: list[Json] = []
        for number, card in enumerate(cards, 1):
            if heading := headings.get(card.event_id):
                blocks.append(_header(heading))
            blocks += _block("section", self._text("recap/event.mrkdwn.j2", card=card, number=number))
        return blocks

    def _also(self, links: Sequence[CardLink]) -> list[Json]:
        return _block("section", self._text("recap/also.mrkdwn.j2", links=links))

    def _card(self, card: Card) -> list[Json]:
        return [
            block
            for part, kind in _EVENT_PARTS
            for block in _block(kind, self._text(f"event/{part}.mrkdwn.j2", card=card))
        ]

    def _summary(self) -> str:
        titles = [shorten(card.title, 100) for card in self.cards]
        return self._text("recap/text.mrkdwn.j2", titles=titles)

    def _text(self, template: str, **values: object) -> str:
        text = self.renderer.render(f"slack/{template}", language=self.route.language, **self.values, **values)
        return "\n".join(line.strip() for line in text.strip().splitlines())


def _header(text: str) -> Json:
    shown = shorten(text, MAX_HEADER_CHARS)
    return {"type": "header", "text": {"type": "plain_text", "text": shown, "emoji": False}}


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
