"""A feed server on many loopback addresses, so that per-host manners do not serialise a test."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass(slots=True)
class FeedServer:
    """What is served: path → (body, content type). Change it between polls."""

    documents: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    addresses: list[tuple[str, int]] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def url(self, path: str, *, nth: int = 0) -> str:
        """Return the address of *path* on the *nth* host."""
        host, port = self.addresses[nth % len(self.addresses)]
        return f"http://{host}:{port}{path}"

    @property
    def allow_hosts(self) -> str:
        """The value of RECAP_ALLOW_HOSTS that lets a bot read from here."""
        return ",".join(f"{host}:{port}" for host, port in self.addresses)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: FeedServer

    def do_GET(self) -> None:
        self.state.requests.append(self.path)
        body, content_type = self.state.documents.get(self.path, (b"", ""))
        etag = f'"{sha256(body).hexdigest()[:16]}"'
        if not content_type:
            self._answer(404, b"not here", "text/plain", "")
        elif self.headers.get("If-None-Match") == etag:
            self._answer(304, b"", content_type, etag)
        else:
            self._answer(200, body, content_type, etag)

    def log_message(self, *_: object) -> None:
        pass

    def _answer(self, status: int, body: bytes, content_type: str, etag: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        if etag:
            self.send_header("ETag", etag)
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serving(hosts: Sequence[str] = ("127.0.0.1",)) -> Iterator[FeedServer]:
    """Serve on a free port of each of *hosts* while the context lasts."""
    state = FeedServer()
    handler = type("Handler", (_Handler,), {"state": state})
    with ExitStack() as stack:
        for host in hosts:
            server = stack.enter_context(ThreadingHTTPServer((host, 0), handler))
            server.daemon_threads = True
            thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.shutdown)
            state.addresses.append((host, server.server_address[1]))
        yield state
