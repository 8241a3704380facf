"""Slots: what a mail leaves open until it is addressed to one reader."""

import re

UNSUBSCRIBE_URL = "%%unsubscribe_url%%"
PREFERENCES_URL = "%%preferences_url%%"
FEEDBACK_URL = "%%feedback_url%%"
SINCE = "%%since%%"
"""When the reader subscribed: an ISO date."""
SUBSCRIBER, MEMBER, END = "%%subscriber%%", "%%member%%", "%%end%%"
"""`SUBSCRIBER` … `MEMBER` … `END`: words for who subscribed, and for a list's member by config."""

MARK = "%%"
"""What all slots begin and end with; texts of feeds must not hold it (see `harmless`)."""
MAX_URL_BYTES = 400
"""Room that a mail's size keeps for each link to be filled in."""

_BLOCK = re.compile(f"{SUBSCRIBER}(.*?){MEMBER}(.*?){END}", re.DOTALL)
_EMPTY_LINES = re.compile(r"\n{3,}")
"""What is left where words stood that are not for this reader."""
_URLS = (UNSUBSCRIBE_URL, PREFERENCES_URL, FEEDBACK_URL)


def for_subscriber(text: str) -> str:
    """Return *text* with the words for who subscribed."""
    return _EMPTY_LINES.sub("\n\n", _BLOCK.sub(r"\1", text))


def for_member(text: str) -> str:
    """Return *text* with the words for a member of the list."""
    return _EMPTY_LINES.sub("\n\n", _BLOCK.sub(r"\2", text))


def shown(text: str) -> str:
    """Return *text* as a preview shows it: addressed to nobody, its links lead nowhere."""
    text = for_member(text)
    for url in _URLS:
        text = text.replace(url, "#")
    return text.replace(SINCE, "")


def harmless(text: str) -> str:
    """Return *text*, whatever it holds, without slots: no feed may have a reader's link put into its own words."""
    # A word joiner between the signs is not seen, and in a URL two bare % are a fault anyway.
    return text.replace(MARK, "%\u2060%")


def extra_bytes(text: str) -> int:
    """Return how many bytes *text* may grow by when its links are filled in."""
    return sum(text.count(url) * (MAX_URL_BYTES - len(url)) for url in _URLS)
