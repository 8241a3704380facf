"""Parses feeds in worker processes that can be killed when they take too long."""

import multiprocessing
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, TimeoutError, wait
from typing import Self

from pebble import ProcessExpired, ProcessPool

from bot.collect import parse
from bot.model.errors import SourceError, SourceUnreadable
from bot.model.policy import CollectPolicy
from bot.model.source import FeedDocument, FetchedDocument
from bot.ports import ParseOutcome

_TASKS_PER_PROCESS = 500
"""feedparser leaks a little; a fresh process costs about 0.1 s."""
_WAITING_PER_WORKER = 4


class ProcessParser:
    """Parses in a pool of processes, each document within a time limit."""

    def __init__(self, policy: CollectPolicy, workers: int) -> None:
        """Start nothing yet: the first document does."""
        self._policy = policy
        self._workers = max(1, workers)
        self._pool: ProcessPool | None = None

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *exc: object) -> None:
        """Close the pool."""
        self.close()

    def close(self) -> None:
        """End the worker processes."""
        if self._pool is not None:
            self._pool.stop()
            self._pool.join()
            self._pool = None

    def parse_each(self, documents: Iterable[FetchedDocument]) -> Iterator[ParseOutcome]:
        """Yield one outcome per document, as they are done; *documents* is read as workers become free."""
        waiting: dict[Future[FeedDocument], FetchedDocument] = {}
        for document in documents:
            waiting[self._schedule(document)] = document
            is_full = len(waiting) >= self._workers * _WAITING_PER_WORKER
            yield from self._ended(waiting, timeout_s=None if is_full else 0.0)
        while waiting:
            yield from self._ended(waiting, timeout_s=None)

    def _schedule(self, document: FetchedDocument) -> "Future[FeedDocument]":
        if self._pool is None:
            self._pool = self._started()
        future: Future[FeedDocument] = self._pool.schedule(
            parse.document, args=[document], timeout=self._policy.parse_timeout_s
        )
        return future

    def _started(self) -> ProcessPool:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["bot.collect.parse"])
        return ProcessPool(max_workers=self._workers, max_tasks=_TASKS_PER_PROCESS, context=context)

    def _ended(
        self, waiting: "dict[Future[FeedDocument], FetchedDocument]", *, timeout_s: float | None
    ) -> Iterator[ParseOutcome]:
        done, _ = wait(waiting, timeout=timeout_s, return_when=FIRST_COMPLETED)
        for future in done:
            yield self._outcome(future, waiting.pop(future))

    def _outcome(self, future: "Future[FeedDocument]", document: FetchedDocument) -> ParseOutcome:
        source = document.source
        try:
            return ParseOutcome(document, feed=future.result())
        except SourceError as exc:
            return ParseOutcome(document, error=exc)
        except TimeoutError:
            detail = f"it took longer than {self._policy.parse_timeout_s:g} s to parse."
        except (ProcessExpired, MemoryError):
            detail = "the process that parsed it died."
        except Exception as exc:  # noqa: BLE001  # feedparser raises anything; it costs one source
            detail = f"the parser failed on it ({type(exc).__name__}: {exc})."
        return ParseOutcome(document, error=SourceUnreadable(source, detail))
