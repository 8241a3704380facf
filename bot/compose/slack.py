"""Slack messages: the digest in one, each event's card in a reply, within Slack's limits."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.compose import actions, fit, sections
from bot.compose.blocks import MAX_BLOCKS, MAX_TEXT_CHARS, block, button, fits, header, row, stripped, texts, with_menu
from bot.compose.words import shorten
from bot.model.delivery import CORRECTION
from bot.model.digest import Card, CardCorrection, CardLink, Digest, SlackMessage
from bot.model.policy import CardPolicy
from bot.model.route import Route
from bot.model.subscriber import SLACK_LIST
from bot.model.values import Json
from bot.ports import Renderer

__all__ = ["EVENT_PARTS", "SUMMARY_SIZE", "messages", "texts"]

NOTE_SIZES = (2500, 1000, 400)
SUMMARY_SIZE = fit.SIZES[3]
"""Of a message's own text: a notification shows less still."""

_FRAME_BLOCKS = 9
"""Around a digest's events."""

EVENT_PARTS = (
    ("head", "context"),
    ("title", "section"),
    ("correction", "section"),
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
    """
    Return the digest's message (`parent`) and one reply per event (`reply-01`, …), in the order shown.

    A digest that was corrected has a line for each correction besides (`correction-01`, …).
    """
    page = _Page(digest, route, renderer=renderer, policy=policy, now=now)
    replies = [page.reply(number, card) for number, card in enumerate(page.cards, 1)]
    return [page.parent(), *replies, *page.corrections()]


class _Page:
    """One digest on its way to one route's channel."""

    def __init__(self, digest: Digest, route: Route, *, renderer: Renderer, policy: CardPolicy, now: datetime) -> None:
        self.digest = digest
        self.cards = sections.in_order(digest.cards, digest.sections)
        self.route = route
        self.takes_clicks = policy.takes_clicks
        self.renderer = renderer
        self.values: Mapping[str, object] = {
            "digest": digest,
            "route": route,
            "site": policy,
            "now": now,
            "is_personal": route.id == SLACK_LIST,
        }

    def parent(self) -> SlackMessage:
        """Show every event at the most generous size that fits; at the tightest, leave the last ones to the web."""
        cards, is_roomy = self.cards, self._is_roomy()
        for size in fit.SIZES:
            cards = [fit.to_size(card, size) for card in cards]
            also = [*self._also(self.digest.also, size), *self._also(self.digest.beyond, size, is_beyond=True)]
            if fits(blocks := self._frame(self._events(cards, is_roomy=is_roomy), also=also, left=0)):
                break
        shown = len(cards) + 1
        while shown and not fits(blocks):
            shown -= 1
            events = self._events(cards[:shown], is_roomy=is_roomy)
            blocks = self._frame(events, also=[], left=len(cards) - shown)
        return SlackMessage(part="parent", text=self._summary(), blocks=blocks)

    def _is_roomy(self) -> bool:
        """Return whether there are so few events that where each comes from can stand in a small line of its own."""
        return len(self.cards) * 2 + len(self.digest.sections) + _FRAME_BLOCKS <= MAX_BLOCKS

    def reply(self, number: int, card: Card) -> SlackMessage:
        """Show the whole card at the most generous size that fits."""
        for shown in fit.ever_smaller(card):
            if fits(blocks := self._card(shown)):
                break
        summary = self._text("event/text.mrkdwn.j2", card=fit.to_size(card, SUMMARY_SIZE), number=number)
        return SlackMessage(part=f"reply-{number:02d}", text=summary, blocks=blocks)

    def corrections(self) -> list[SlackMessage]:
        """Say what was corrected, each in a line of its own."""
        return [self._correction(card, told) for card in self.cards for told in card.corrections]

    def _correction(self, card: Card, told: CardCorrection) -> SlackMessage:
        shown = fit.to_size(card, SUMMARY_SIZE)
        said = self._text("recap/correction.mrkdwn.j2", card=shown, told=told)
        summary = self._text("recap/correction_text.mrkdwn.j2", card=shown, told=told)
        return SlackMessage(part=f"{CORRECTION}{told.revision:02d}", text=summary, blocks=block("section", said))

    def _frame(self, events: Sequence[Json], *, also: Sequence[Json], left: int) -> list[Json]:
        return [
            header(self._text("recap/header.txt.j2")),
            *block("context", self._text("recap/numbers.mrkdwn.j2")),
            *block("section", self._note()),
            *block("section", self._text("recap/quiet.mrkdwn.j2")),
            {"type": "divider"},
            *events,
            *block("section", self._text("recap/more.mrkdwn.j2", left=left)),
            *also,
            {"type": "divider"},
            *block("context", self._text("recap/footer.mrkdwn.j2")),
        ]

    def _note(self) -> str:
        """Return the editor's note, shortened until it fits one text: an entity takes five characters of one."""
        texts = (self._text("recap/note.mrkdwn.j2", note=shorten(self.digest.note, size)) for size in NOTE_SIZES)
        return next((text for text in texts if len(text) <= MAX_TEXT_CHARS), "")

    def _events(self, cards: Sequence[Card], *, is_roomy: bool) -> list[Json]:
        headings = sections.headings(self.digest.sections, cards)
        blocks: list[Json] = []
        for number, card in enumerate(cards, 1):
            if heading := headings.get(card.event_id):
                blocks.append(header(heading))
            told = self._text("recap/event.mrkdwn.j2", card=card, number=number)
            source = self._text("recap/event_source.mrkdwn.j2", card=card)
            shown = block("section", told if is_roomy else f"{told}\n{source}")
            blocks += with_menu(shown, self._options(card), action=actions.MENU) if self.takes_clicks else shown
            blocks += block("context", source if is_roomy else "")
        return blocks

    def _options(self, card: Card) -> list[tuple[str, str]]:
        return [(f"{name}:{card.event_id}", self._label(name)) for name in (actions.INSIGHT, *actions.ON_EVENT)]

    def _buttons(self, card: Card) -> list[Json]:
        named = actions.ON_EVENT if self.takes_clicks else ()
        return row([button(self._label(name), action=name, value=card.event_id) for name in named])

    def _label(self, name: str) -> str:
        return self._text("command/label.txt.j2", name=name)

    def _also(self, links: Sequence[CardLink], size: fit.Size, *, is_beyond: bool = False) -> list[Json]:
        shown = fit.also(links, size)
        return block("section", self._text("recap/also.mrkdwn.j2", links=shown, is_beyond=is_beyond))

    def _card(self, card: Card) -> list[Json]:
        return [
            shown
            for part, kind in EVENT_PARTS
            for shown in block(kind, self._text(f"event/{part}.mrkdwn.j2", card=card))
        ] + self._buttons(card)

    def _summary(self) -> str:
        titles = [shorten(card.title, 100) for card in self.cards]
        return self._text("recap/text.mrkdwn.j2", titles=titles)

    def _text(self, template: str, **values: object) -> str:
        text = self.renderer.render(f"slack/{template}", language=self.route.language, **self.values, **values)
        return stripped(text)
