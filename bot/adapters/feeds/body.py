"""Reads the body of an answer, within limits."""

import zlib

from aiohttp import ClientResponse

_CHUNK = 65536


class BodyRefused(Exception):
    """The body is too large, or packed in a way that we did not ask for."""


class BodyBroken(Exception):
    """The body ended too early, or its packing is damaged."""


async def read(response: ClientResponse, *, max_bytes: int) -> bytes:
    """
    Return the unpacked body of *response*, at most *max_bytes* long.

    The session must not decompress by itself: a small packed body may unpack to gigabytes.
    Raises: BodyRefused, BodyBroken.
    """
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding in ("", "identity", "none", "utf-8"):
        return await _read_plain(response, max_bytes=max_bytes)
    if encoding in ("gzip", "x-gzip", "deflate"):
        return await _read_packed(response, max_bytes=max_bytes)
    raise BodyRefused(f"It is packed as '{encoding[:40]}', which we did not ask for.")


async def _read_plain(response: ClientResponse, *, max_bytes: int) -> bytes:
    if (response.content_length or 0) > max_bytes:
        raise _too_large(max_bytes)
    body = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        body += chunk
        if len(body) > max_bytes:
            raise _too_large(max_bytes)
    return bytes(body)


async def _read_packed(response: ClientResponse, *, max_bytes: int) -> bytes:
    inflater = _Inflater(max_bytes)
    async for chunk in response.content.iter_chunked(_CHUNK):
        inflater.feed(chunk)
    return inflater.result()


class _Inflater:
    """Unpacks gzip (several members, too), zlib and raw deflate against a budget."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._body = bytearray()
        self._stream: zlib._Decompress | None = None
        self._has_ended = False

    def feed(self, chunk: bytes) -> None:
        """Unpack *chunk*."""
        while chunk:
            if self._stream is None or self._has_ended:
                # What follows the last member is padding, unless it is another gzip member.
                if self._has_ended and chunk[:2] != b"\x1f\x8b":
                    return
                self._stream, self._has_ended = _decompressor(chunk), False
            chunk = self._inflate(self._stream, chunk)

    def result(self) -> bytes:
        """Return the whole body. Raises: BodyBroken."""
        if self._stream is not None and not self._has_ended:
            raise BodyBroken("The packed answer broke off.")
        return bytes(self._body)

    def _inflate(self, stream: "zlib._Decompress", chunk: bytes) -> bytes:
        try:
            self._body += stream.decompress(chunk, self._max_bytes + 1 - len(self._body))
        except zlib.error as exc:
            raise BodyBroken(f"The packed answer is damaged ({exc}).") from exc
        if len(self._body) > self._max_bytes:
            raise _too_large(self._max_bytes)
        self._has_ended = stream.eof
        return stream.unused_data


def _decompressor(start: bytes) -> "zlib._Decompress":
    if start[:1] == b"\x1f":
        return zlib.decompressobj(wbits=31)
    # "deflate" means zlib, but some servers send it raw. Source: RFC 9110 section 8.4.1.2
    is_zlib = start[0] & 0x0F == 8 and (len(start) < 2 or int.from_bytes(start[:2], "big") % 31 == 0)
    return zlib.decompressobj(wbits=15 if is_zlib else -15)


def _too_large(max_bytes: int) -> BodyRefused:
    return BodyRefused(f"Its document is larger than {max_bytes / 1_000_000:g} MB.")
