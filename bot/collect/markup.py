"""Turns the markup of feeds into safe HTML and into plain text."""

import html
import re

import nh3
from ftfy import fix_encoding
from ftfy.badness import is_bad

_BLOCKS = (
    "address|article|aside|blockquote|body|center|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form|h1|h2|h3|"
    "h4|h5|h6|header|hgroup|hr|li|main|nav|ol|p|pre|section|summary|table|tbody|tfoot|thead|tr|ul"
)
_TAGS = nh3.ALLOWED_TAGS - {"map", "area"}
_DROPPED = {"script", "style", "noscript", "template", "iframe", "object", "svg", "math", "head", "title", "textarea"}
_ANY_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--|<!\[CDATA\[")
_BLOCK_NAMES = frozenset(_BLOCKS.split("|"))
# A sanitised tag; its attributes are always quoted.
_SAFE_TAG = re.compile(r"""</?([a-z0-9]+)(?:[^<>"']|"[^"]*"|'[^']*')*>""")
_HAS_BREAKS = re.compile(rf"</?(?:br|{_BLOCKS})\b", re.IGNORECASE)
# C0 but tab and line ends, DEL, C1, lone surrogates, byte order marks, non-characters.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
# Endings that WordPress, Drupal, Medium, Substack, news APIs and others add to every article.
_NOISE_CHARS = 500
"""No longer than this is such an ending."""
_ARROW = r"\s*(?:»|›|→|>+|…|\.{3})?\.?"
_NOISE = re.compile(
    r"(?:(?:^|(?<=\n)|(?<=[.!?…。\]»”\"]))\s*(?:"
    r"The post [^\n]{1,300} (?:first )?appeared (?:first )?on [^\n]{1,120}"
    r"|(?:Read|Continue reading|Learn|Read the) (?:more|full (?:article|story)|[“\"‘][^\n]{1,200}[”\"’])"
    rf"(?: (?:on|at|about) [^\n.]{{1,80}})?{_ARROW}"
    rf"|(?:Read on|Continue reading|Keep reading|Full story){_ARROW}"
    r"|Continue reading [^\n]{1,200}(?:→|»|…|\.{3})"
    r"|阅读全文|查看全文|继续阅读|閱讀全文|続きを読む"
    rf")|(?:^|(?<=\n))More{_ARROW}"
    r"|\s*\[(?:…|\.\.\.|\+\d+ chars)\]|\s*\((?:more…|more\.\.\.|continued)\)"
    r")\s*$",
    re.IGNORECASE,
)
# A lead byte of UTF-8 and a following one, both read as windows-1252 (or -1251); ftfy's own look costs ten times more.
_FOLLOWING = "\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122"
_MAYBE_MOJIBAKE = re.compile(f"[\u00c2-\u00f4][{_FOLLOWING}]|[РСÐÑ][{_FOLLOWING}\u0402-\u040f\u0452-\u045f]")
_BREAK = "\ue000"
_PARAGRAPH = "\ue001"
_BREAKS = re.compile(rf"{_BREAK}\s*(?:{_BREAK}\s*)+")


def clean(text: str) -> str:
    """Return *text* without control characters and lone surrogates, mended where it was decoded wrongly."""
    text = _CONTROLS.sub("", text)
    if _MAYBE_MOJIBAKE.search(text) and is_bad(text):
        text = _CONTROLS.sub("", fix_encoding(text))
    return text


def is_markup(text: str) -> bool:
    """Return whether *text* holds any tag."""
    return bool(_ANY_TAG.search(text))


def from_text(text: str) -> str:
    """Return plain *text* as HTML that reads the same."""
    return html.escape(text, quote=False)


def to_safe(source: str) -> str:
    """
    Return *source* with harmless tags only, and links to http and https alone.

    Blank lines become paragraphs where there are no tags that break lines.
    """
    return nh3.clean(
        _with_paragraphs(source),
        tags=_TAGS,
        clean_content_tags=_DROPPED,
        url_schemes={"http", "https"},
        link_rel="noopener noreferrer nofollow",
    ).strip()


def to_text(source: str) -> str:
    """
    Return the words of the HTML *source*: blocks parted by a blank line, `<br>` as a line end, entities decoded.

    Scripts and styles are dropped. *source* may be plain text with entities.
    """
    return _text_of(to_safe(source))


def safe_and_text(source: str) -> tuple[str, str]:
    """Return what `to_safe` and `to_text` give, at the price of one."""
    safe = to_safe(source)
    return safe, _text_of(safe)


def to_line(source: str) -> str:
    """Return the words of the HTML *source* in one line."""
    return one_line(to_text(source) if is_markup(source) else html.unescape(source))


def one_line(text: str) -> str:
    """Return *text* with every run of white space as one space."""
    return " ".join(text.split())


def without_noise(text: str) -> str:
    """Return *text* without what publishing systems put at the end of every article."""
    while True:
        head, tail = text[:-_NOISE_CHARS], text[-_NOISE_CHARS:]
        shorter = _NOISE.sub("", tail).rstrip()
        if shorter == tail:
            return text
        text = f"{head}{shorter}".rstrip()


def _with_paragraphs(source: str) -> str:
    if _HAS_BREAKS.search(source):
        return source
    paragraphs = [part for part in re.split(r"\r?\n[ \t]*\r?\n\s*", source.strip()) if part]
    return source if len(paragraphs) < 2 else "".join(f"<p>{part}</p>" for part in paragraphs)


def _text_of(safe: str) -> str:
    flat = re.sub(r"\s+", " ", safe.replace(_BREAK, "").replace(_PARAGRAPH, ""))
    flat = html.unescape(_SAFE_TAG.sub(_as_break, flat)).replace("\xa0", " ").replace("\u200b", "").replace("\xad", "")
    if _BREAK in flat:
        flat = _BREAKS.sub(_PARAGRAPH, flat)
    paragraphs = (_lines(part) for part in flat.split(_PARAGRAPH))
    return clean("\n\n".join(part for part in paragraphs if part))


def _as_break(tag: re.Match[str]) -> str:
    if tag[1] == "br":
        return _BREAK
    return _PARAGRAPH if tag[1] in _BLOCK_NAMES else ""


def _lines(part: str) -> str:
    lines = (" ".join(line.split()) for line in part.split(_BREAK))
    return "\n".join(line for line in lines if line)
