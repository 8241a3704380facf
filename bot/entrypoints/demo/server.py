"""Serve the sample sources over HTTP on loopback, as of a clock that the replay moves."""

import hashlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

from bot.entrypoints.demo import render
from bot.entrypoints.demo.week import SampleSource

BROKEN_PAGE = b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>Bad gateway</body></html>"


@dataclass(slots=True)
class SampleServer:
    """The running server: set *at* and it shows each feed as of that moment."""

    host: str
    port: int
    at: datetime
    requests: int = 0
    not_modified: int = 0

    def page_url(self, url: str) -> str:
        """Return where the page of an article's *url* is served."""
        parts = urlsplit(url)
        return f"http://{self.host}:{self.port}/pages/{parts.netloc}{parts.path}"

    def url(self, slug: str) -> str:
        """Return the address of a source's feed."""
        return f"http://{self.host}:{self.port}/{slug}/feed"


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, host: str, sources: Sequence[SampleSource], at: datetime) -> None:
        super().__init__((host, 0), _Handler)
        self.sources = {source.slug: source for source in sources}
        self.pages = {f"/pages/{address}": page for source in sources for address, page in source.pages()}
        self.state = SampleServer(host=host, port=self.server_address[1], at=at)

    def handle_error(self, request: object, client_address: object) -> None:
        """Keep quiet where a reader hung up; that is no fault."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # typeshed names private types


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        state = self.server.state
        state.requests += 1
        source = self.server.sources.get(self.path.strip("/").split("/")[0])
        if page := self.server.pages.get(urlsplit(self.path).path):
            self._answer(200, page.encode("utf-8"), "text/html; charset=utf-8")
        elif source is None:
            self._answer(404, b"no such feed", "text/plain")
        elif source.is_broken:
            self._answer(200, BROKEN_PAGE, "text/html; charset=utf-8")
        else:
            self._feed(source, state)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""

    def _feed(self, source: SampleSource, state: SampleServer) -> None:
        body, content_type = render.feed(source, source.entries(state.at))
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        changed = source.changed_at(state.at)
        headers = {"ETag": etag}
        if changed:
            headers["Last-Modified"] = format_datetime(changed, usegmt=True)
        if self._is_known(etag, changed):
            state.not_modified += 1
            self._answer(304, b"", content_type, headers)
        else:
            self._answer(200, body, content_type, headers)

    def _is_known(self, etag: str, changed: datetime | None) -> bool:
        if given := self.headers.get("If-None-Match"):
            return bool(given == etag)
        since = self.headers.get("If-Modified-Since")
        return bool(since and changed and changed <= parsedate_to_datetime(since))

    def _answer(self, status: int, body: bytes, content_type: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serving(sources: Sequence[SampleSource], *, at: datetime, host: str = "127.0.0.1") -> Iterator[SampleServer]:
    """Serve *sources* on a free port of *host* while the context lasts."""
    with _Server(host, sources, at) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server.state
        finally:
            server.shutdown()
            thread.join()
