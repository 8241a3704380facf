"""Modals and forms in Slack."""

from collections.abc import Sequence

from bot.compose import actions
from bot.compose.blocks import block, plain
from bot.compose.voice import Voice
from bot.model.digest import Card
from bot.model.values import EventId, Json

MAX_MODAL_BLOCKS = 95
"""Slack's is 100. Source: CONVENTIONS S1."""
MAX_MODAL_CHARS = 40_000
"""Ours: Slack names no sum for modals."""
MAX_TITLE_CHARS = 24
"""Of a modal, and of its buttons. Source: CONVENTIONS S11."""
MAX_OPTIONS = 100
"""Of a select. Source: CONVENTIONS S10."""
MAX_NOTE_CHARS = 1000


def view(
    blocks: Sequence[Json], *, title: str, voice: Voice, metadata: str = "", callback: str = "", submit: str = ""
) -> Json:
    """Return a modal; with *submit* (the name of a label) it is a form that comes back under *callback*."""
    shown: Json = {
        "type": "modal",
        "title": plain(voice.label(title), max_chars=MAX_TITLE_CHARS),
        "close": plain(voice.label("cancel" if submit else "close"), max_chars=MAX_TITLE_CHARS),
        "blocks": [*blocks],
        "private_metadata": metadata,
    }
    if submit:
        shown |= {"submit": plain(voice.label(submit), max_chars=MAX_TITLE_CHARS), "callback_id": callback}
    return shown


def text_field(name: str, *, voice: Voice, max_chars: int, optional: bool) -> Json:
    """Return a form's field for a few lines; its block is called *name*, as its label is."""
    element: Json = {"type": "plain_text_input", "action_id": "value", "multiline": True, "max_length": max_chars}
    return {
        "type": "input",
        "block_id": name,
        "label": plain(voice.label(name)),
        "element": element,
        "optional": optional,
    }


def choice_field(
    name: str,
    options: Sequence[tuple[str, str]],
    *,
    voice: Voice,
    kind: str = "static_select",
    placeholder: str = "",
) -> Json:
    """Return a form's field to choose one of *options* (value, words): an only one is chosen, or a group's first."""
    shown: list[Json] = [{"text": plain(words), "value": value} for value, words in options]
    element: Json = {"type": kind, "action_id": "value", "options": [*shown]}
    if placeholder:
        element |= {"placeholder": plain(placeholder)}
    if kind == "radio_buttons" or len(shown) == 1:
        element |= {"initial_option": shown[0]}
    return {"type": "input", "block_id": name, "label": plain(voice.label(name)), "element": element}


def wrong(event_id: EventId, *, title: str, voice: Voice) -> Json:
    """Return the form that asks what is wrong with an event."""
    asked = block("section", voice.words("command/wrong.mrkdwn.j2", title=title))
    field = text_field("wrong_note", voice=voice, max_chars=MAX_NOTE_CHARS, optional=False)
    return view(
        [*asked, field],
        title="wrong_title",
        voice=voice,
        metadata=event_id,
        callback=actions.WRONG_FORM,
        submit="send",
    )


def feedback(cards: Sequence[Card], *, voice: Voice) -> Json:
    """Return the form that asks how one of the events of *cards* was; at least one, at most a hundred are offered."""
    events = [(card.event_id, card.title) for card in cards[:MAX_OPTIONS]]
    votes = [(name, voice.label(f"event_{name}")) for name in ("useful", "not_for_me", "wrong")]
    fields = [
        choice_field("feedback_event", events, voice=voice, placeholder=voice.label("choose_event")),
        choice_field("feedback_vote", votes, voice=voice, kind="radio_buttons"),
        text_field("feedback_note", voice=voice, max_chars=MAX_NOTE_CHARS, optional=True),
    ]
    return view(fields, title="feedback_title", voice=voice, callback=actions.FEEDBACK_FORM, submit="send")


def thanks(*, voice: Voice) -> Json:
    """Return the modal that a form becomes once it was sent."""
    return view(block("section", voice.words("command/thanks.mrkdwn.j2")), title="feedback_title", voice=voice)
