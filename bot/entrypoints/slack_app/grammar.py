"""What people type after /recap: verbs, their arguments, and the nearest right form where they mistype."""

import difflib
import re
from dataclasses import dataclass
from typing import Literal

Need = Literal["nothing", "maybe", "must"]

VERBS: dict[str, Need] = {
    "week": "maybe",
    "event": "must",
    "search": "must",
    "who": "must",
    "why": "must",
    "since": "must",
    "follow": "must",
    "unfollow": "must",
    "mute": "maybe",
    "unmute": "must",
    "subscribe": "nothing",
    "unsubscribe": "nothing",
    "sources": "nothing",
    "route": "nothing",
    "feedback": "maybe",
    "help": "nothing",
}
"""Each verb, and whether it takes words. Their meaning is told by templates/slack/command/help.mrkdwn.j2."""

_ALIASES = {"": "week", "now": "week", "find": "search", "show": "event", "?": "help", "explain": "why"}
_EVENT = re.compile(r"(?:^|/e/)(e[0-9a-f]{10})(?![0-9a-f])", re.IGNORECASE | re.ASCII)
_WEEK = re.compile(r"\d{4}-?w\d{1,2}", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Command:
    """A verb of `VERBS` with its words, which may be empty."""

    verb: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Misread:
    """Something that is no command."""

    said: str
    """The word that should have been a verb, or the verb that lacks its words."""
    reason: Literal["unknown", "lacks"]
    nearest: str = ""
    """The verb that was probably meant; empty where none is like it."""


def parse(text: str) -> Command | Misread:
    """
    Return the command in *text*, whatever its case.

    No words at all ask for this week; an event's id or a week alone asks for that.
    """
    first, _, rest = text.strip().partition(" ")
    said, words = first.casefold(), " ".join(rest.split())
    if not words and event_id(first):
        return Command("event", event_id(first))
    if not words and _WEEK.fullmatch(first):
        return Command("week", first.upper())
    verb = _ALIASES.get(said, said)
    if verb not in VERBS:
        return Misread(first, "unknown", _nearest(said))
    if VERBS[verb] == "must" and not words:
        return Misread(verb, "lacks", verb)
    return Command(verb, words)


def event_id(words: str) -> str:
    """Return the id of an event in *words*: the id itself, or a link to its page; empty where there is none."""
    found = _EVENT.search(words.strip().lstrip("<`#"))
    return found[1].lower() if found else ""


def _nearest(said: str) -> str:
    close = difflib.get_close_matches(said, VERBS, n=1, cutoff=0.6)
    return close[0] if close else ""
