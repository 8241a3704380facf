"""Finds out in which characters a document is written, and disarms its entities."""

import codecs
import re

import charset_normalizer

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_STARTS = ((b"<\0?\0", "utf-16-le"), (b"\0<\0?", "utf-16-be"), (b"<\0\0\0", "utf-32-le"), (b"\0\0\0<", "utf-32-be"))
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:-]+)["']""")
_HEADER = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._:-]+)""", re.IGNORECASE)
# Each is a subset of the other, and what publishers call by the smaller name is written in the larger one.
_LARGER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "shift_jis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "big5": "big5hkscs",
}
_MAX_EXPANDED = 1_000_000
"""Characters that an entity may grow to, in all its places."""
_ENTITY = re.compile(r"<!ENTITY\s+(%?)\s*([^\s%]+)\s+(\"[^\"]*\"|'[^']*'|[^>]*)[^>]*>")


def decode(body: bytes, *, content_type: str) -> str:
    """
    Return *body* as text; bytes that fit no encoding become U+FFFD.

    In order: byte order mark, UTF-8 if the bytes are that (whatever was declared: a
    wrong declaration is more frequent than a text that is UTF-8 by chance), the
    declaration in the XML, the one in *content_type*, then a guess by frequency.
    """
    for mark, name in (*_BOMS, *_STARTS):
        if body.startswith(mark):
            return _lenient(body.removeprefix(mark) if (mark, name) in _BOMS else body, name)
    declared = [found[1].decode("ascii").lower() for found in [_DECLARED.match(body[:1000])] if found]
    header = [found[1].lower() for found in [_HEADER.search(content_type)] if found]
    # ISO-2022 is seven-bit and so looks like UTF-8.
    names = [*(name for name in (*declared, *header) if name.startswith("iso-2022")), "utf-8", *declared, *header]
    for name in names:
        decoded = _strict(body, _LARGER.get(name, name))
        if decoded is not None:
            return decoded
    return _guessed(body, names)


def _strict(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name)
    except (UnicodeDecodeError, LookupError, ValueError):
        return None


def _lenient(body: bytes, name: str) -> str:
    return body.decode(name, "replace")


def _guessed(body: bytes, names: list[str]) -> str:
    as_utf8 = _lenient(body, "utf-8")
    foreign = sum(1 for char in as_utf8 if ord(char) > 127)
    # A few torn characters in a text that is otherwise UTF-8: keep the rest readable.
    if as_utf8.count("\ufffd") * 5 <= foreign:
        return as_utf8
    for name in names[1:]:
        try:
            return _lenient(body, _LARGER.get(name, name))
        except LookupError:
            continue
    best = charset_normalizer.from_bytes(body[:100_000]).best()
    return _lenient(body, best.encoding if best else "cp1252")


def without_entities(text: str) -> str:
    """
    Return the XML *text* without entity declarations that refer to others or to files.

    Harmless ones (`<!ENTITY nbsp "&#160;">`) stay. Source: https://en.wikipedia.org/wiki/Billion_laughs_attack
    """
    start = text.find("<!DOCTYPE")
    if start < 0 or "<!ENTITY" not in text:
        return text
    return _ENTITY.sub(lambda found: _harmless(found, text), text)


def _harmless(found: re.Match[str], text: str) -> str:
    value = found[3]
    is_flat = bool(re.fullmatch(r"""(["'])(?:[^&<%]|&#x?[0-9A-Fa-f]+;){0,200}\1""", value))
    if found[1] or not is_flat or text.count(f"&{found[2]};") * len(value) > _MAX_EXPANDED:
        return ""
    # feedparser only sees declarations that begin a line.
    return f"\n{found[0]}"
