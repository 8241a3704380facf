"""Words of header fields that are not ASCII. Source: RFC 2047."""

import base64
from collections.abc import Iterator
from email.headerregistry import Address

_WORD_BYTES = 45
"""In UTF-8: as base64 they and the frame around them stay within the 75 characters of an encoded word."""


def text(words: str) -> str:
    """
    Return *words* as they stand in a header field.

    The standard library drops the space between two encoded words where it folds: here spaces are inside the words.
    """
    if words.isascii():
        return words
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(piece.encode()).decode()}?=" for piece in _pieces(words))


def mailbox(address: Address) -> str:
    """Return an address with its display name, as it stands in From."""
    if address.display_name.isascii():
        return str(address)
    return f"{text(address.display_name)} <{address.addr_spec}>"


def _pieces(words: str) -> Iterator[str]:
    piece = ""
    for char in words:
        if len((piece + char).encode()) > _WORD_BYTES:
            yield piece
            piece = ""
        piece += char
    yield piece
