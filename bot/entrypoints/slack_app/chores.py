"""Verbs about the app itself and the person: help, sources, mute, unmute."""

from bot.entrypoints.slack_app.asked import Asked
from bot.entrypoints.slack_app.reception import Reception
from bot.model.digest import SlackMessage
from bot.model.errors import NotAllowed
from bot.workflows import mute_words

MOST_SOURCES = 20


def help_with(asked: Asked, _: Reception) -> SlackMessage:
    """Answer with every verb."""
    return asked.answer("help")


def sources(asked: Asked, reception: Reception) -> SlackMessage:
    """Answer with what is read, and what fails."""
    bot = reception.bot
    states = bot.store.load_source_states()
    known = [{"source": source, "state": states.get(source.slug)} for source in bot.settings.sources]
    read = [state for source in bot.settings.sources if (state := states.get(source.slug)) and state.last_success_at]
    slugs = {state.slug for state in states.values() if state.failures and not state.retired_at}
    failing = [each for each, source in zip(known, bot.settings.sources, strict=True) if source.slug in slugs]
    well = [each for each in known if each not in failing]
    return asked.answer(
        "sources",
        total=len(known),
        read=len(read),
        failing=failing,
        shown=well[:MOST_SOURCES],
        more=len(well) > MOST_SOURCES or len(failing) > MOST_SOURCES,
        url=f"{bot.desk.card.base_url.rstrip('/')}/sources",
    )


def mute(asked: Asked, reception: Reception) -> SlackMessage:
    """Mute a word, or tell which are muted."""
    store, now = reception.bot.store, asked.voice.now
    if not asked.words:
        return asked.answer("done", what="mute", words=mute_words.mutes(asked.reader, store=store, now=now))
    try:
        words = mute_words.mute(asked.words, asked.reader, store=store, now=now)
    except NotAllowed:
        return asked.answer("done", what="mute_too_many", words=[])
    return asked.answer("done", what="mute", words=words)


def unmute(asked: Asked, reception: Reception) -> SlackMessage:
    """Mute a word no longer."""
    store, now = reception.bot.store, asked.voice.now
    words, was_muted = mute_words.unmute(asked.words, asked.reader, store=store, now=now)
    return asked.answer("done", what="mute" if was_muted else "unmute_unknown", words=words)
