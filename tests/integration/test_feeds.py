"""The HTTP reader against real servers on the loopback network."""

import gzip
import socket
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from bot.adapters.feeds import HttpFeedReader
from bot.model.errors import SourceGone, SourceRefused, SourceUnavailable
from bot.model.policy import CollectPolicy
from bot.model.source import FetchedDocument, FetchOutcome, FetchRequest

FEED = b'<rss version="2.0"><channel><title>T</title><item><title>a</title></item></channel></rss>'
LOOPBACK = frozenset({"127.0.0.0/8"})


def reader(
    *, allow: frozenset[str] = LOOPBACK, resolver: Callable[[str], list[str]] | None = None, **limits: object
) -> HttpFeedReader:
    return HttpFeedReader(CollectPolicy(allow_hosts=allow, **limits), resolver=resolver)  # type: ignore[arg-type]


def outcome(url: str, using: HttpFeedReader | None = None, **conditions: str) -> FetchOutcome:
    [found] = (using or reader()).fetch_each([FetchRequest("tidal", url, **conditions)])
    return found


def document(url: str, using: HttpFeedReader | None = None, **conditions: str) -> FetchedDocument:
    found = outcome(url, using, **conditions)
    assert found.document is not None, str(found.error)
    return found.document


def test_a_document_comes_with_what_the_server_said_of_it(httpserver: HTTPServer) -> None:
    headers = {
        "ETag": 'W/"a-1"',
        "Last-Modified": "Fri, 20 Nov 2026 08:15:00 GMT",
        "Cache-Control": "public, max-age=900",
    }
    httpserver.expect_request("/feed").respond_with_data(FEED, content_type="application/rss+xml", headers=headers)

    found = document(httpserver.url_for("/feed"))

    assert (found.body, found.content_type) == (FEED, "application/rss+xml")
    assert (found.etag, found.last_modified) == ('W/"a-1"', "Fri, 20 Nov 2026 08:15:00 GMT")
    assert (found.max_age_s, found.moved_to, found.not_modified) == (900.0, None, False)


def test_validators_go_back_exactly_as_they_came(httpserver: HTTPServer) -> None:
    conditions = {"If-None-Match": 'W/"a-1"', "If-Modified-Since": "Freitag"}
    httpserver.expect_request("/feed", headers=conditions).respond_with_data(status=304)

    found = document(httpserver.url_for("/feed"), etag='W/"a-1"', last_modified="Freitag")

    assert (found.not_modified, found.body) == (True, b"")
    assert (found.etag, found.last_modified) == ('W/"a-1"', "Freitag")


def test_the_reader_says_who_it_is_and_asks_for_gzip_alone(httpserver: HTTPServer) -> None:
    seen: dict[str, str] = {}

    def answer(request: Request) -> Response:
        seen.update(request.headers)
        return Response(FEED)

    httpserver.expect_request("/feed").respond_with_handler(answer)

    document(httpserver.url_for("/feed"), reader(user_agent="Recap/9 (+https://recap.example)"))

    assert (seen["User-Agent"], seen["Accept-Encoding"]) == ("Recap/9 (+https://recap.example)", "gzip")
    assert "Cookie" not in seen


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(FEED)),
        ("x-gzip", gzip.compress(FEED[:40]) + gzip.compress(FEED[40:]) + b"\0" * 8),
        ("deflate", zlib.compress(FEED)),
        ("deflate", zlib.compress(FEED, wbits=-15)),
        ("identity", FEED),
    ],
    ids=["gzip", "two members", "zlib", "raw deflate", "not packed"],
)
def test_packed_bodies_are_unpacked(httpserver: HTTPServer, encoding: str, packed: bytes) -> None:
    httpserver.expect_request("/feed").respond_with_data(packed, headers={"Content-Encoding": encoding})

    assert document(httpserver.url_for("/feed")).body == FEED


def test_a_body_that_unpacks_beyond_the_limit_is_refused(httpserver: HTTPServer) -> None:
    packed = gzip.compress(b" " * 20_000_000)
    httpserver.expect_request("/feed").respond_with_data(packed, headers={"Content-Encoding": "gzip"})

    found = outcome(httpserver.url_for("/feed"))

    assert isinstance(found.error, SourceRefused)
    assert str(found.error) == "We do not read this source as it is. Its document is larger than 10 MB."


@pytest.mark.parametrize("headers", [{}, {"Transfer-Encoding": "chunked"}])
def test_a_plain_body_beyond_the_limit_is_refused(httpserver: HTTPServer, headers: dict[str, str]) -> None:
    httpserver.expect_request("/feed").respond_with_handler(
        lambda _: Response((b"x" * 1000 for _ in range(100)) if headers else b"x" * 100_000)
    )

    assert isinstance(outcome(httpserver.url_for("/feed"), reader(max_body_bytes=50_000)).error, SourceRefused)


@pytest.mark.parametrize(
    "packed",
    [gzip.compress(FEED)[:-12], b"\x1f\x8b\x08" + b"\xff" * 40, b"no gzip"],
    ids=["cut off", "broken", "not packed"],
)
def test_a_damaged_packing_is_a_failure_that_may_pass(httpserver: HTTPServer, packed: bytes) -> None:
    httpserver.expect_request("/feed").respond_with_data(packed, headers={"Content-Encoding": "gzip"})

    assert isinstance(outcome(httpserver.url_for("/feed")).error, SourceUnavailable)


def test_a_packing_nobody_asked_for_is_refused(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/feed").respond_with_data(b"x", headers={"Content-Encoding": "br"})

    assert "'br'" in str(outcome(httpserver.url_for("/feed")).error)


@pytest.mark.parametrize("status", [301, 308])
def test_a_permanent_redirect_is_reported(httpserver: HTTPServer, status: int) -> None:
    httpserver.expect_request("/old").respond_with_data(status=status, headers={"Location": "/new"})
    httpserver.expect_request("/new").respond_with_data(FEED)

    found = document(httpserver.url_for("/old"))

    assert (found.url, found.moved_to) == (httpserver.url_for("/new"), httpserver.url_for("/new"))


def test_a_redirect_that_is_not_permanent_all_the_way_is_followed_only(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/old").respond_with_data(status=301, headers={"Location": "/hop"})
    httpserver.expect_request("/hop").respond_with_data(status=302, headers={"Location": "/new"})
    httpserver.expect_request("/new").respond_with_data(FEED)

    found = document(httpserver.url_for("/old"))

    assert (found.url, found.moved_to) == (httpserver.url_for("/new"), None)


def test_redirects_end(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/loop").respond_with_data(status=302, headers={"Location": "/loop"})

    found = outcome(httpserver.url_for("/loop"))

    assert str(found.error) == "The source did not answer this time. It redirects more than 5 times."
    assert len(httpserver.log) == 6


@pytest.mark.parametrize("location", ["", "http://[broken/"])
def test_a_redirect_to_nowhere_is_a_failure(httpserver: HTTPServer, location: str) -> None:
    headers = {"Location": location} if location else {}
    httpserver.expect_request("/old").respond_with_handler(lambda _: Response(status=302, headers=headers))

    assert isinstance(outcome(httpserver.url_for("/old")).error, SourceUnavailable)


@pytest.mark.parametrize(
    ("status", "headers", "retry_after_s"),
    [
        (404, {}, None),
        (403, {}, None),
        (500, {}, None),
        (429, {"Retry-After": "120"}, 120.0),
        (503, {"Retry-After": "soon"}, None),
    ],
)
def test_refusals_of_the_server_may_pass(
    httpserver: HTTPServer, status: int, headers: dict[str, str], retry_after_s: float | None
) -> None:
    httpserver.expect_request("/feed").respond_with_data(status=status, headers=headers)

    error = outcome(httpserver.url_for("/feed")).error

    assert isinstance(error, SourceUnavailable)
    assert f"It answered {status} (" in str(error)
    assert error.retry_after_s == retry_after_s


def test_410_means_gone(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/feed").respond_with_data(status=410)

    assert isinstance(outcome(httpserver.url_for("/feed")).error, SourceGone)


def test_304_to_an_unconditional_request_is_a_failure(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/feed").respond_with_data(status=304)

    assert isinstance(outcome(httpserver.url_for("/feed")).error, SourceUnavailable)


def test_every_request_has_an_outcome_and_one_failure_costs_one_source(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/feed").respond_with_data(FEED)
    good = [FetchRequest(f"s{number}", httpserver.url_for("/feed")) for number in range(40)]
    bad = [
        FetchRequest("bad", httpserver.url_for("/none")),
        FetchRequest("worse", "nonsense"),
        FetchRequest("odd", "http://[/"),
    ]

    outcomes = list(reader(connections=8).fetch_each([*bad, *good]))

    assert sorted(found.request.source for found in outcomes if found.error) == ["bad", "odd", "worse"]
    assert len([found for found in outcomes if found.document]) == 40


def test_whoever_stops_listening_ends_the_work(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/feed").respond_with_data(FEED)
    outcomes = reader(connections=2).fetch_each(
        [FetchRequest(f"s{n}", httpserver.url_for("/feed")) for n in range(200)]
    )

    next(outcomes)
    outcomes.close()  # type: ignore[attr-defined]

    assert not any(thread.name == "feeds" for thread in threading.enumerate())
    assert len(httpserver.log) < 200


def test_nothing_to_fetch_is_no_work() -> None:
    assert list(reader().fetch_each([])) == []


@contextmanager
def listening(answer: bytes) -> Iterator[int]:
    """Answer one connection with *answer*, then keep it open until the test ends."""
    over = threading.Event()
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = server.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(answer)
            if not answer.endswith(b"!"):
                over.wait(10)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield server.getsockname()[1]
    finally:
        over.set()
        thread.join(10)
        server.close()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<rss",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n<rss\r\n",
    ],
)
def test_a_server_that_stalls_is_given_up(answer: bytes) -> None:
    with listening(answer) as port:
        error = outcome(f"http://127.0.0.1:{port}/", reader(total_timeout_s=0.3)).error

    assert str(error) == "The source did not answer this time. No whole answer within 0.3 s."


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n<rss!", "Its answer broke off."),
        (b"SSH-2.0-OpenSSH_9!", "Its answer is no HTTP"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000 + b"\r\n\r\n!", "Its answer is no HTTP"),
    ],
)
def test_a_broken_answer_is_one_clear_line(answer: bytes, reason: str) -> None:
    with listening(answer) as port:
        error = outcome(f"http://127.0.0.1:{port}/").error

    assert reason in str(error)
    assert "\n" not in str(error)


def test_a_retry_date_is_measured_by_the_servers_own_clock() -> None:
    answer = (
        b"HTTP/1.1 503 Busy\r\nDate: Fri, 20 Nov 2026 08:00:00 GMT\r\n"
        b"Retry-After: Fri, 20 Nov 2026 09:00:00 GMT\r\nContent-Length: 1\r\n\r\n!"
    )
    with listening(answer) as port:
        error = outcome(f"http://127.0.0.1:{port}/").error

    assert error is not None
    assert error.retry_after_s == 3600.0


def test_a_closed_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    assert f"No connection to 127.0.0.1:{port}" in str(outcome(f"http://127.0.0.1:{port}/").error)


def test_a_plain_server_behind_https_is_a_failure(httpserver: HTTPServer) -> None:
    error = outcome(httpserver.url_for("/feed").replace("http:", "https:")).error

    assert isinstance(error, SourceUnavailable)


def test_a_name_without_address_is_named() -> None:
    def no_address(_: str) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    error = outcome("http://tidal.example/feed", reader(resolver=no_address)).error

    assert str(error) == "The source did not answer this time. The name tidal.example cannot be resolved."


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.7",
        "172.16.3.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.100.100.200",
        "168.63.129.16",
        "0.0.0.0",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "198.18.0.1",
        "::1",
        "::",
        "::ffff:10.0.0.7",
        "fe80::1",
        "fe80::1%eth0",
        "fd00:ec2::254",
        "ff02::1",
        "2002:0a00:0007::1",
        "64:ff9b::a00:7",
        "2001:db8::1",
    ],
)
def test_names_that_lead_inside_are_refused(address: str) -> None:
    asked: list[str] = []

    def resolver(name: str) -> list[str]:
        asked.append(name)
        return [address]

    error = outcome("http://tidal.example/feed", reader(allow=frozenset(), resolver=resolver)).error

    assert isinstance(error, SourceRefused)
    assert asked == ["tidal.example"]


def test_a_name_with_one_address_inside_is_refused() -> None:
    using = reader(allow=frozenset(), resolver=lambda _: ["93.184.215.14", "10.0.0.7"])

    assert isinstance(outcome("http://tidal.example/feed", using).error, SourceRefused)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "169.254.169.254",
        "127.1",
        "2130706433",
        "0x7f000001",
        "localhost",
        "127.0.0.1.",
    ],
)
def test_addresses_that_lead_inside_are_refused_however_they_are_written(host: str) -> None:
    assert isinstance(outcome(f"http://{host}:9/feed", reader(allow=frozenset())).error, SourceRefused)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://tidal.example/", "gopher://tidal.example/", "javascript:alert(1)", ""]
)
def test_only_the_web_is_read(url: str) -> None:
    assert isinstance(outcome(url).error, SourceRefused)


@pytest.mark.parametrize(
    "location", ["http://10.0.0.7/", "http://[::1]/", "file:///etc/passwd", "http://inside.example/"]
)
def test_every_hop_is_guarded(httpserver: HTTPServer, location: str) -> None:
    httpserver.expect_request("/feed").respond_with_data(status=302, headers={"Location": location})
    using = reader(allow=frozenset({f"127.0.0.1:{httpserver.port}"}), resolver=lambda _: ["192.168.1.1"])

    error = outcome(f"http://127.0.0.1:{httpserver.port}/feed", using).error

    assert isinstance(error, SourceRefused)


@pytest.mark.parametrize(
    "allowed",
    ["tidal.example", "tidal.example:{port}", "127.0.0.1", "127.0.0.1:{port}", "127.0.0.0/8", "TIDAL.example"],
)
def test_what_the_operator_allows_is_read(httpserver: HTTPServer, allowed: str) -> None:
    httpserver.expect_request("/feed").respond_with_data(FEED)
    using = reader(allow=frozenset({allowed.format(port=httpserver.port)}), resolver=lambda _: ["127.0.0.1"])

    assert document(f"http://tidal.example:{httpserver.port}/feed", using).body == FEED


@pytest.mark.parametrize("allowed", ["tidal.example:1", "other.example", "127.0.0.2", "example"])
def test_what_the_operator_allows_is_taken_literally(httpserver: HTTPServer, allowed: str) -> None:
    using = reader(allow=frozenset({allowed}), resolver=lambda _: ["127.0.0.1"])

    assert isinstance(outcome(f"http://tidal.example:{httpserver.port}/feed", using).error, SourceRefused)


def test_the_address_that_was_checked_is_the_one_that_is_dialled(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/feed").respond_with_data(FEED)
    answers = iter([["127.0.0.1"], ["10.0.0.7"]])
    using = reader(resolver=lambda _: next(answers))

    assert document(f"http://rebinding.example:{httpserver.port}/feed", using).body == FEED
