"""Mute words: events with one of them in a title stay out of what is for one person alone."""

from collections.abc import Callable
from datetime import datetime

from bot.model.errors import NotAllowed
from bot.model.words import fold
from bot.ports import Store
from bot.workflows import personal
from bot.workflows.personal import Reader

MOST_MUTES = 50
MAX_MUTE_CHARS = 60


def mutes(reader: Reader, *, store: Store, now: datetime) -> list[str]:
    """Return the words that *reader* muted, in the order in which they did."""
    return list(personal.load(reader, store=store, now=now)[1].mutes)


def mute(words: str, reader: Reader, *, store: Store, now: datetime) -> list[str]:
    """
    Mute *words* (one word or a phrase), and return all that are muted; doing it again changes nothing.

    Raises: NotAllowed for a phrase that is too long, or one too many.
    """
    word = " ".join(words.split())
    if len(word) > MAX_MUTE_CHARS:
        raise NotAllowed(f"A muted word has at most {MAX_MUTE_CHARS} characters.")

    def with_it(known: list[str]) -> list[str]:
        if len(known) >= MOST_MUTES:
            raise NotAllowed(f"{MOST_MUTES} words are muted already; unmute one first.")
        return [*known, word]

    return _change(reader, lambda known: known if _is_in(word, known) else with_it(known), store=store, now=now)


def unmute(words: str, reader: Reader, *, store: Store, now: datetime) -> tuple[list[str], bool]:
    """Mute *words* no longer; return what is still muted, and whether they were."""
    word = fold(" ".join(words.split()))
    before = mutes(reader, store=store, now=now)
    after = _change(reader, lambda known: [each for each in known if fold(each) != word], store=store, now=now)
    return after, len(after) < len(before)


def _change(reader: Reader, change: Callable[[list[str]], list[str]], *, store: Store, now: datetime) -> list[str]:
    subscriber, subscription = personal.load(reader, store=store, now=now)
    changed = change(list(subscription.mutes))
    if changed != subscription.mutes:
        update = {"mutes": changed, "changed_at": now}
        store.save_subscriber(subscriber, subscription.model_copy(update=update))
    return changed


def _is_in(word: str, known: list[str]) -> bool:
    return fold(word) in {fold(each) for each in known}
