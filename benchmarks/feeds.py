"""A server of invented feeds on many loopback addresses, in a process of its own that ends with its parent."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import format_datetime
from html import escape

from benchmarks.invented import Newsroom
from bot.model.article import Article

HOSTS = 250
AWAY_S = 0.02
_MOST_S = 900
"""The server ends itself after this, whatever happens."""


@contextmanager
def serving(*, feeds: int, entries: int) -> Iterator[list[str]]:
    """Serve *feeds* of so many *entries* (40 make about 75 KB) while the context lasts; yield their URLs."""
    command = [sys.executable, "-m", "benchmarks.feeds", str(feeds), str(entries)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        port = int(server.stdout.readline())
        yield [f"http://127.0.0.{number % HOSTS + 2}:{port}/{number}.xml" for number in range(feeds)]
        server.stdin.close()


def documents(*, feeds: int, entries: int) -> list[bytes]:
    """Return *feeds* RSS documents of so many *entries*; the articles of an event are spread over them."""
    articles = Newsroom(seed=47).articles(feeds * entries)
    spread: list[list[Article]] = [[] for _ in range(feeds)]
    for number, article in enumerate(articles):
        spread[number % feeds].append(article)
    return [_rss(number, held) for number, held in enumerate(spread)]


def _rss(number: int, articles: list[Article]) -> bytes:
    entries = "".join(_entry(number, article) for article in articles)
    head = f"<title>Feed {number}</title><link>http://feed-{number}.example/</link><description>Invented</description><language>en</language>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{entries}</channel></rss>'.encode()


def _entry(number: int, article: Article) -> str:
    url = f"http://feed-{number}.example/{article.id}"
    paragraphs = "".join(f"<p>{escape(part)} <a href='{url}'>more</a></p>" for part in article.text.split("\n\n"))
    image = f"<img src='{url}.jpg' width='600' height='400' alt='' class='attachment-large size-large wp-post-image'>"
    return (
        f"<item><title>{escape(article.title)}</title><link>{url}</link><guid isPermaLink='false'>{article.id}</guid>"
        f"<pubDate>{format_datetime(article.dated_at)}</pubDate><category>news</category>"
        f"<description>{escape(image + paragraphs)}</description></item>"
    )


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, bodies: list[bytes]) -> None:
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            path = head.split(b" ", 2)[1].decode()
            number = int(path.strip("/").partition(".")[0])
            await asyncio.sleep(AWAY_S)
            writer.write(_response(bodies[number], is_known=b"if-none-match" in head.lower()))
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


def _response(body: bytes, *, is_known: bool) -> bytes:
    if is_known:
        return b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'
    head = f'HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nETag: "1"\r\nContent-Length: {len(body)}\r\n\r\n'
    return head.encode() + body


async def _serve(bodies: list[bytes]) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _answer(reader, writer, bodies)

    first = await asyncio.start_server(answer, "127.0.0.2", 0)
    port = first.sockets[0].getsockname()[1]
    await asyncio.start_server(answer, [f"127.0.0.{host + 2}" for host in range(1, HOSTS)], port)
    print(port, flush=True)
    await asyncio.wait_for(asyncio.to_thread(sys.stdin.read), _MOST_S)


if __name__ == "__main__":
    asyncio.run(_serve(documents(feeds=int(sys.argv[1]), entries=int(sys.argv[2]))))
