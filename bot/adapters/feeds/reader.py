"""Fetches many feeds at once in a thread of its own, and hands over each as it comes."""

import asyncio
import contextlib
import queue
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import aiohttp

from bot.adapters.feeds import failures, fetch
from bot.adapters.feeds.guard import Guard, GuardedResolver, Resolver
from bot.model.policy import CollectPolicy
from bot.model.source import FetchOutcome, FetchRequest

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/rdf+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1"
)
_NAME_LOOKUPS = 16
"""Each blocks a thread."""
_MAX_UNREAD = 32
"""Documents that may wait for whoever iterates, before no more are asked for."""
_MAX_HEADER_BYTES = 32768


class HttpFeedReader:
    """Fetches feeds by conditional GET."""

    def __init__(self, policy: CollectPolicy, *, resolver: Resolver | None = None) -> None:
        """Keep the manners in *policy*; *resolver* (host name → addresses) takes the place of the system's."""
        self._policy = policy
        self._resolver = resolver

    def fetch_each(self, requests: Sequence[FetchRequest]) -> Iterator[FetchOutcome]:
        """Yield one outcome per request, in the order in which they end; never raises for one source."""
        if not requests:
            return
        run = _Run(requests, policy=self._policy, resolver=self._resolver)
        try:
            yield from run.outcomes()
        finally:
            run.stop()


class _Run:
    """One event loop in one thread, from the first request to the last outcome."""

    def __init__(self, requests: Sequence[FetchRequest], *, policy: CollectPolicy, resolver: Resolver | None) -> None:
        self._requests = _spread(requests)
        self._policy = policy
        self._guard = Guard(policy.allow_hosts)
        self._resolver = resolver
        self._ended: queue.SimpleQueue[FetchOutcome | Exception] = queue.SimpleQueue()
        self._window = asyncio.Semaphore(policy.connections + _MAX_UNREAD)
        self._hosts = defaultdict[str, asyncio.Semaphore](lambda: asyncio.Semaphore(policy.per_host_connections))
        self._loop: asyncio.AbstractEventLoop | None = None
        self._work: asyncio.Task[None] | None = None
        self._is_running = threading.Event()
        self._thread = threading.Thread(target=self._main, name="feeds", daemon=True)

    def outcomes(self) -> Iterator[FetchOutcome]:
        """Start, and yield each outcome when it is there."""
        self._thread.start()
        for _ in self._requests:
            outcome = self._ended.get()
            if isinstance(outcome, Exception):
                raise outcome
            yield outcome
            self._call(self._window.release)

    def stop(self) -> None:
        """End the loop, also in the middle of the work."""
        self._is_running.wait()
        if self._work is not None:
            self._call(self._work.cancel)
        self._thread.join()

    def _call(self, function: Callable[[], object]) -> None:
        # RuntimeError: the loop has ended by itself.
        with contextlib.suppress(RuntimeError):
            if self._loop is not None:
                self._loop.call_soon_threadsafe(function)

    def _main(self) -> None:
        try:
            with contextlib.suppress(asyncio.CancelledError):
                asyncio.run(self._fetch_all())
        except Exception as exc:  # noqa: BLE001  # raised again in the thread that waits
            self._ended.put(exc)
        finally:
            self._is_running.set()

    async def _fetch_all(self) -> None:
        self._loop, self._work = asyncio.get_running_loop(), asyncio.current_task()
        self._loop.set_default_executor(ThreadPoolExecutor(_NAME_LOOKUPS, thread_name_prefix="resolve"))
        self._is_running.set()
        async with self._session() as session, asyncio.TaskGroup() as group:
            for request in self._requests:
                await self._window.acquire()
                group.create_task(self._fetch(session, request))

    async def _fetch(self, session: aiohttp.ClientSession, request: FetchRequest) -> None:
        # The time limit starts when the request does, not while it waits for its host's turn.
        async with self._hosts[_host(request)]:
            try:
                async with asyncio.timeout(self._policy.total_timeout_s):
                    document = await fetch.document(session, request, guard=self._guard, policy=self._policy)
                outcome = FetchOutcome(request, document=document)
            except Exception as exc:  # noqa: BLE001  # whatever a server provokes costs its source alone
                outcome = FetchOutcome(request, error=failures.of(exc, request=request, policy=self._policy))
        self._ended.put(outcome)

    def _session(self) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            limit=self._policy.connections, resolver=GuardedResolver(self._guard, self._resolver), ttl_dns_cache=60
        )
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            headers={"User-Agent": self._policy.user_agent, "Accept": _ACCEPT, "Accept-Encoding": "gzip"},
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=self._policy.connect_timeout_s),
            max_line_size=_MAX_HEADER_BYTES,
            max_field_size=_MAX_HEADER_BYTES,
        )


def _host(request: FetchRequest) -> str:
    try:
        return urlsplit(request.url).netloc.lower()
    except ValueError:
        return request.url


def _spread(requests: Sequence[FetchRequest]) -> list[FetchRequest]:
    """Take the first request of every host, then the second …, so that one host's queue does not hold up the others."""
    seen: Counter[str] = Counter()
    turns: list[int] = []
    for request in requests:
        turns.append(seen[_host(request)])
        seen[_host(request)] += 1
    return [request for _, request in sorted(zip(turns, requests, strict=True), key=lambda pair: pair[0])]
