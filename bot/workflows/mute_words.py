"""Mute words: events with one of them in a title stay out of what is for one person alone."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.model.errors import NotAllowed
from bot.model.words import fold
from bot.ports import Store
from bot.workflows import personal
from bot.workflows.personal import Reader

MOST_MUTES = 48
"""So many of the longest fit into one field of a form, a line each."""
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


def replace(words: Sequence[str], reader: Reader, *, store: Store, now: datetime) -> list[str]:
    """
    Mute *words* and no others, each once and in this order, empty ones left out; return them.

    Raises: NotAllowed for a phrase that is too long, or too many.
    """
    wanted = {fold(word): word for each in reversed(words) if (word := " ".join(each.split()))}
    if len(wanted) > MOST_MUTES or any(len(word) > MAX_MUTE_CHARS for word in wanted.values()):
        raise NotAllowed(f"At most {MOST_MUTES} words are muted, of {MAX_MUTE_CHARS} characters each.")
    return _change(reader, lambda _: [*reversed(wanted.values())], store=store, now=now)


def _change(reader: Reader, change: Callable[[list[str]], list[str]], *, store: Store, now: datetime) -> list[str]:
    subscriber, subscription = personal.load(reader, store=store, now=now)
    changed = change(list(subscription.mutes))
    if changed != subscription.mutes:
        update = {"mutes": changed, "changed_at": now}
        store.save_subscriber(subscriber, subscription.model_copy(update=update))
    return changed


def _is_in(word: str, known: list[str]) -> bool:
    return fold(word) in {fold(each) for each in known}
