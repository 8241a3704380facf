"""The queue in PostgreSQL: procrastinate keeps the jobs, workers on any machine run them."""

import asyncio
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from threading import Event
from typing import cast

import psycopg
import structlog
from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import DeleteJobCondition
from procrastinate.worker import Worker
from sqlalchemy import make_url

from bot.adapters.queue_procrastinate.schema import QueueSchema
from bot.model.errors import StorageUnavailable
from bot.ports import Chunk, JobQueue, QueueState

log = structlog.get_logger(__name__)

_QUEUE = "recap-deliveries"
_TASK = "recap.send_chunk"
_OPEN = ("todo", "doing")
_STATE = """
    SELECT count(*) AS chunks,
           coalesce(sum(jsonb_array_length(job.args -> 'deliveries')), 0)::integer AS deliveries,
           (SELECT count(*) FROM procrastinate_workers
             WHERE last_heartbeat > now() - make_interval(secs => %(sweep_s)s)) AS workers,
           (SELECT min(event.at) FROM procrastinate_events event JOIN procrastinate_jobs waiting
                ON waiting.id = event.job_id
             WHERE waiting.queue_name = %(queue)s AND waiting.status = 'todo') AS waiting_since
      FROM procrastinate_jobs job
     WHERE job.queue_name = %(queue)s AND job.status IN ('todo', 'doing')
"""
_POLL_S = 1.0
"""How long a job waits at most whose notification was lost, or whose lane has become free."""
_STOP_LOOK_S = 0.1
_LOST_PAUSE_S = 2.0
"""Before the next try where the database went away."""


class ProcrastinateQueue(JobQueue):
    """Keeps chunks as procrastinate's jobs, which lock their lane; the ledger stays the truth, a job is a hint."""

    def __init__(self, database_url: str, *, at_once: int, sweep_s: float) -> None:
        """
        Use the PostgreSQL at *database_url*; run *at_once* jobs in each worker.

        Every *sweep_s* each worker looks for the jobs of others that have shown no life for half as long.
        """
        url = make_url(database_url).set(drivername="postgresql")
        self._place = f"{url.host or 'the local server'}/{url.database}"
        self._conninfo = url.render_as_string(hide_password=False)
        self._at_once = at_once
        self._sweep_s = sweep_s
        self._schema = QueueSchema(self._conninfo, self._place)

    def put(self, chunks: Sequence[Chunk]) -> int:
        """Keep *chunks*, without what waits or is being worked on already. Raises: StorageError."""
        if not chunks:
            return 0
        with self._opened() as app:
            open_now = _open_deliveries(app)
            return sum(_defer(app, chunk, open_now) for chunk in chunks)

    def load_state(self) -> QueueState:
        """Return what waits, and which workers showed life within a sweep. Raises: StorageError."""
        with self._opened() as app:
            connector = cast(SyncPsycopgConnector, app.connector)  # the one we gave it
            found = connector.execute_query_one(_STATE, queue=_QUEUE, sweep_s=self._sweep_s)
        return QueueState(**found)

    def serve(self, work: Callable[[Chunk], None], *, stop: Event) -> None:
        """Work off chunks until *stop* is set; a database that goes away is waited for."""
        while not stop.is_set():
            try:
                asyncio.run(self._serve(work, stop))
            except (ConnectorException, psycopg.Error) as exc:
                log.error("queue.lost", place=self._place, reason=type(exc.__cause__ or exc).__name__)
            stop.wait(_LOST_PAUSE_S)

    def upgrade(self) -> None:
        """Make procrastinate's tables, or bring them to its present release. Raises: StorageUnavailable."""
        self._schema.upgrade()

    def check(self) -> None:
        """Do nothing, if procrastinate's tables are there and current. Raises: StorageUnavailable."""
        self._schema.check()

    @contextmanager
    def _opened(self) -> Iterator[App]:
        app = App(connector=SyncPsycopgConnector(conninfo=self._conninfo, min_size=1, max_size=1, timeout=10))
        try:
            with app.open():
                yield app
        except (ConnectorException, psycopg.Error) as exc:
            raise StorageUnavailable(f"{self._place}: the queue cannot be used; `recap db upgrade` makes it.") from exc

    async def _serve(self, work: Callable[[Chunk], None], stop: Event) -> None:
        asyncio.get_running_loop().set_exception_handler(_log_stray)
        connector = PsycopgConnector(conninfo=self._conninfo, min_size=1, max_size=self._at_once + 4)
        app = App(connector=connector)

        @app.task(name=_TASK, queue=_QUEUE)
        def send_chunk(lane: str, deliveries: list[str]) -> None:
            _worked(Chunk(lane, tuple(deliveries)), work)

        async with app.open_async():
            worker = Worker(
                app,
                queues=[_QUEUE],
                concurrency=self._at_once,
                fetch_job_polling_interval=_POLL_S,
                install_signal_handlers=False,
                # What a job came to stands in the ledger.
                delete_jobs=DeleteJobCondition.ALWAYS,
                update_heartbeat_interval=self._sweep_s / 6,
                stalled_worker_timeout=self._sweep_s / 2,
            )
            asides = [asyncio.create_task(self._sweep(app)), asyncio.create_task(_stop_with(worker, stop))]
            try:
                await worker.run()  # type: ignore[no-untyped-call]  # procrastinate types no results
            finally:
                for aside in asides:
                    aside.cancel()

    async def _sweep(self, app: App) -> None:
        """Give back the jobs of workers that died. No lock, no job: each worker looks, and the first one counts."""
        while True:
            with suppress(ConnectorException):  # the worker meets it, too
                stalled = await app.job_manager.get_stalled_jobs(
                    queue=_QUEUE, seconds_since_heartbeat=self._sweep_s / 2
                )
                for job in stalled:
                    with suppress(ConnectorException):  # another worker gave it back first
                        await app.job_manager.retry_job(job)
                        log.warning("chunk.taken_over", job=job.id, lane=job.lock)
            await asyncio.sleep(self._sweep_s)


def _log_stray(_: asyncio.AbstractEventLoop, context: Mapping[str, object]) -> None:
    """Say in one line what procrastinate lets fall, such as the end of a job that others took over meanwhile."""
    cause = context.get("exception")
    reason = getattr(cause, "__cause__", None) or cause or context.get("message")
    log.warning("queue.stray_error", reason=f"{type(reason).__name__}: {reason}".splitlines()[0])


async def _stop_with(worker: Worker, stop: Event) -> None:
    # Set by a signal handler or another thread, of which asyncio hears nothing.
    while not stop.is_set():
        await asyncio.sleep(_STOP_LOOK_S)
    worker.stop()  # type: ignore[no-untyped-call]  # as above


def _worked(chunk: Chunk, work: Callable[[Chunk], None]) -> None:
    try:
        work(chunk)
    except Exception as exc:  # the next job must come, whatever this one met  # noqa: BLE001
        log.error("chunk.failed", lane=chunk.lane, reason=f"{type(exc).__name__}: {exc}")


def _open_deliveries(app: App) -> set[str]:
    jobs = (job for status in _OPEN for job in app.job_manager.list_jobs(queue=_QUEUE, status=status))
    return {each for job in jobs for each in cast("list[str]", job.task_kwargs["deliveries"])}  # as we put it


def _defer(app: App, chunk: Chunk, open_now: set[str]) -> int:
    new = [each for each in chunk.deliveries if each not in open_now]
    if not new:
        return 0
    name = hashlib.sha256("\n".join(new).encode()).hexdigest()
    job = app.configure_task(_TASK, queue=_QUEUE, lock=chunk.lane, queueing_lock=name)
    try:
        job.defer(lane=chunk.lane, deliveries=list(new))
    except AlreadyEnqueued:  # by another process, this moment
        return 0
    return len(new)
