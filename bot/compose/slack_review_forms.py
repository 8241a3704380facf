"""Forms of editors: why a draft is rejected, its note, other words for a line."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.compose import revise, slack_forms
from bot.compose.actions import Touch
from bot.compose.blocks import block
from bot.compose.revise import CardPart
from bot.compose.slack_review import Draft
from bot.compose.voice import Voice
from bot.compose.words import shorten
from bot.model.values import Json

MAX_NOTE_CHARS = 3000
"""The most that a field takes. Source: CONVENTIONS S7, docs.slack.dev/reference/block-kit/block-elements."""

Typed = Mapping[str, str]
"""What somebody typed or chose, by the names of the fields."""


def form(touch: Touch, draft: Draft, *, voice: Voice, max_line_chars: int, typed: Typed | None = None) -> Json:
    """
    Return the form that asks for the words of *touch*; *typed* is what was typed already, where it is shown again.

    Then it says above that the draft has changed meanwhile, and is good for the draft as it is now.
    """
    fields = _FIELDS[touch.act](draft, voice, max_line_chars, typed or {})
    notice = [] if typed is None else block("section", voice.words("review/again.mrkdwn.j2"))
    name = f"review_{touch.act}"
    return slack_forms.view(
        [*notice, *fields],
        title=f"{name}_title",
        voice=voice,
        metadata=replace(touch, seen=draft.seen).value(),
        callback=f"{name}_form",
        submit=f"{name}_send",
    )


def closing(text: str, *, voice: Voice) -> Json:
    """Return the modal that a form becomes where it can do nothing any more."""
    return slack_forms.view(block("section", text), title="review_title", voice=voice)


def _reject(_: Draft, voice: Voice, __: int, typed: Typed) -> list[Json]:
    return [_text("review_reason", typed, voice=voice, max_chars=slack_forms.MAX_NOTE_CHARS)]


def _note(draft: Draft, voice: Voice, _: int, typed: Typed) -> list[Json]:
    known = {"review_text": draft.digest.note} | dict(typed)
    return [_text("review_text", known, voice=voice, max_chars=MAX_NOTE_CHARS)]


def _rewrite(draft: Draft, voice: Voice, max_chars: int, typed: Typed) -> list[Json]:
    cards = revise.in_order(draft.digest)[: slack_forms.MAX_OPTIONS]
    events = [(card.event_id, f"{number}. {card.title}") for number, card in enumerate(cards, 1)]
    parts = [(part.value, voice.label(f"review_{part}")) for part in CardPart]
    return [
        slack_forms.choice_field("review_event", events, voice=voice),
        slack_forms.choice_field("review_line", parts, voice=voice, kind="radio_buttons"),
        _text("review_words", typed, voice=voice, max_chars=max_chars),
    ]


def _text(name: str, typed: Typed, *, voice: Voice, max_chars: int) -> Json:
    field = slack_forms.text_field(name, voice=voice, max_chars=max_chars, optional=True)
    element = field["element"]
    filled = shorten(typed.get(name, ""), max_chars)
    return field | {"element": {**element, "initial_value": filled}} if filled and isinstance(element, dict) else field


_FIELDS: Mapping[str, Callable[[Draft, Voice, int, Typed], list[Json]]] = {
    "reject": _reject,
    "note": _note,
    "rewrite": _rewrite,
}
ASKING = frozenset(_FIELDS)
"""Acts that ask for words first."""
