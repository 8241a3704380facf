"""Slack's mrkdwn: text that can neither format, link nor mention."""

import re
from urllib.parse import quote, urlsplit

MAX_URL_CHARS = 1000
"""Ours, escaped: longer addresses are tracking, and three of them fill a text."""

_LOOKALIKES = {"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ", "＊": "∗", "＿": "ˍ", "～": "∼", "｀": "ˋ"}
_FORMATTED = re.compile(r"(?<!\w)([*_~`＊＿～｀])(?=\S)([^\n]*?)(?<=\S)\1(?!\w)")
_EMOJI = re.compile(r":(?=[a-z0-9_+'-]*[a-z][a-z0-9_+'-]*:)", re.IGNORECASE)
_WORD_JOINER = "\u2060"


class Markup(str):
    """Text that is mrkdwn already; `%` escapes what it puts in."""

    __slots__ = ()

    def __mod__(self, values: object) -> "Markup":
        """Return the text with *values*, each escaped once."""
        if isinstance(values, dict):
            return Markup(str.__mod__(self, {key: _put_in(value) for key, value in values.items()}))
        return Markup(str.__mod__(self, _put_in(values)))


def _put_in(value: object) -> object:
    return value if isinstance(value, int | float) else escape(value)


def escape(value: object) -> Markup:
    """
    Return *value* as mrkdwn that shows it and does nothing else; markup stays as it is.

    `&`, `<` and `>` become entities. A pair of formatting characters becomes a pair that looks
    like it, for mrkdwn has no escape for them; `snake_case` and `2 * 3` stay.
    Source: https://docs.slack.dev/messaging/formatting-message-text
    """
    if isinstance(value, Markup):
        return value
    text = _neutral(" ".join(str(value).split()))
    return Markup(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def link(url: str, label: object) -> Markup:
    """Return a link; only its label where *url* is no web address that a message can carry."""
    text = escape(label)
    target = href(url).replace("&", "&amp;")
    if not target or len(target) > MAX_URL_CHARS or not text:
        return text
    return Markup(f"<{target}|{text.replace('|', '∣')}>")


def href(url: str) -> str:
    """Return *url* percent-encoded where it must be; empty where it is not of http or https."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    if parts.scheme.lower() not in {"http", "https"} or not parts.netloc:
        return ""
    return quote(url.strip(), safe="!#$%&'()*+,/:;=?@[]~-._")


def _neutral(text: str) -> str:
    text = _EMOJI.sub(":" + _WORD_JOINER, text)
    if text.startswith(("&gt;", ">", "＞")):
        text = _WORD_JOINER + text
    while _FORMATTED.search(text):
        text = _FORMATTED.sub(lambda pair: _LOOKALIKES[pair[1]] + pair[2] + _LOOKALIKES[pair[1]], text)
    return text
