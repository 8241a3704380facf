"""What readers were told: which events digests showed them, and what was corrected since."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, select

from bot.adapters.storage.events import resolved
from bot.adapters.storage.rows import Room, chunks
from bot.adapters.storage.tables import DIGEST_EVENTS, DIGESTS, EVENTS, RECAPS, REVIEW_ACTS
from bot.model.digest import DigestState
from bot.model.feedback import CORRECT, Erratum
from bot.model.recap import Served, Showing
from bot.model.values import EventId, RecapId, RouteId, ThreadId, WeekId

_SHOWN_IN = (DigestState.READY, DigestState.DRAFT)
"""A draft counts: it may be approved any moment."""
_WEEK = (RECAPS.c.week, RECAPS.c.ends_at, RECAPS.c.built_at)
_OWN = DIGESTS.c.segment == ""


class Told(Room):
    """What readers know."""

    def load_showings(self, *, before: datetime) -> list[Showing]:
        """
        Return which events the routes' own digests of whole recaps ending at *before* or earlier showed.

        The oldest recap comes first, an event once per recap; one that was merged since is what it became part of.
        What a digest held over, skipped or rejected, nobody was shown.
        """
        told = DIGEST_EVENTS.join(DIGESTS).join(RECAPS)
        shown = select(*_WEEK, DIGEST_EVENTS.c.event_id).select_from(told).distinct()
        own = shown.where(_is_whole(before), _OWN, DIGESTS.c.state.in_(_SHOWN_IN))
        with self._database.reading() as connection:
            rows = connection.execute(own.order_by(RECAPS.c.ends_at, DIGEST_EVENTS.c.event_id)).all()
            found = _showings(connection, rows)
        return list(dict.fromkeys(found[row.week, row.event_id] for row in rows if (row.week, row.event_id) in found))

    def load_told(
        self, *, since: datetime, before: datetime
    ) -> dict[tuple[RouteId, str], dict[WeekId, tuple[Showing, ...]]]:
        """
        Return what the readers of each segment were shown, by route and segment, then by week.

        Of whole recaps that ended after *since*, at *before* or earlier. A week whose digest was held over or skipped
        has none; a week without a digest for the segment is not there.
        """
        # Two reads: of a digest that showed nothing there is no row in the second.
        known = select(DIGESTS.c.route_id, DIGESTS.c.segment, RECAPS.c.week).select_from(DIGESTS.join(RECAPS))
        told = DIGEST_EVENTS.join(DIGESTS).join(RECAPS)
        shown = select(DIGESTS.c.route_id, DIGESTS.c.segment, *_WEEK, DIGEST_EVENTS.c.event_id).select_from(told)
        window = and_(_is_whole(before), RECAPS.c.ends_at > since, ~_OWN)
        weeks: defaultdict[tuple[RouteId, str], dict[WeekId, tuple[Showing, ...]]] = defaultdict(dict)
        lists: defaultdict[tuple[RouteId, str, WeekId], dict[Showing, None]] = defaultdict(dict)
        with self._database.reading() as connection:
            for route, segment, week in connection.execute(known.where(window)):
                weeks[route, segment][week] = ()
            rows = connection.execute(shown.where(window, DIGESTS.c.state.in_(_SHOWN_IN))).all()
            found = _showings(connection, rows)
        for row in rows:
            if showing := found.get((row.week, row.event_id)):
                lists[row.route_id, row.segment, row.week][showing] = None
        for (route, segment, week), showings in lists.items():
            weeks[route, segment][week] = tuple(showings)
        return dict(weeks)

    def load_served(self, *, since: datetime, before: datetime) -> dict[tuple[RouteId, str], Served]:
        """
        Return whose readers got a digest of a whole recap, within the time of `load_told`, and the newest such recap.

        By route and segment; without a segment, the readers of the route's own digest.
        """
        columns = (DIGESTS.c.route_id, DIGESTS.c.segment, RECAPS.c.ends_at, RECAPS.c.built_at)
        served = select(*columns).select_from(DIGESTS.join(RECAPS)).order_by(RECAPS.c.ends_at)
        ready = served.where(_is_whole(before), RECAPS.c.ends_at > since, DIGESTS.c.state == DigestState.READY)
        with self._database.reading() as connection:
            rows = connection.execute(ready).all()
        return {(row.route_id, row.segment): Served(row.ends_at, row.built_at) for row in rows}

    def load_shown_in(self, event: EventId, *, recap: RecapId) -> list[str]:
        """Return the keys of the digests of *recap* that show an event, the routes' own first."""
        shown = select(DIGESTS.c.key).select_from(DIGESTS.join(DIGEST_EVENTS))
        wanted = shown.where(DIGESTS.c.recap_id == recap, DIGEST_EVENTS.c.event_id == event)
        order = (DIGESTS.c.segment != "", DIGESTS.c.route_id, DIGESTS.c.key)
        with self._database.reading() as connection:
            return list(connection.execute(wanted.order_by(*order)).scalars())

    def load_errata(self, *, recap: RecapId | None = None, since: datetime | None = None) -> list[Erratum]:
        """Return what was corrected, of one *recap* or of all, at *since* or later, oldest first."""
        columns = (DIGESTS.c.recap_id, DIGESTS.c.route_id, DIGESTS.c.segment)
        acts = (REVIEW_ACTS.c.argument, REVIEW_ACTS.c.details, REVIEW_ACTS.c.acted_at)
        joined = REVIEW_ACTS.join(DIGESTS, REVIEW_ACTS.c.digest_key == DIGESTS.c.key)
        query = select(*columns, *acts).select_from(joined).where(REVIEW_ACTS.c.act == CORRECT)
        if recap is not None:
            query = query.where(DIGESTS.c.recap_id == recap)
        if since is not None:
            query = query.where(REVIEW_ACTS.c.acted_at >= since)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(REVIEW_ACTS.c.acted_at, REVIEW_ACTS.c.id)).all()
        return [
            Erratum(
                recap_id=row.recap_id,
                route_id=row.route_id,
                segment=row.segment,
                event_id=row.argument,
                note=row.details.get("note", ""),
                at=row.acted_at,
                mails=int(row.details.get("mails", "0")),
            )
            for row in rows
        ]


def _is_whole(before: datetime) -> ColumnElement[bool]:
    return and_(RECAPS.c.ends_at <= before, RECAPS.c.is_partial.is_(False))


def _showings(connection: Connection, rows: Sequence[Any]) -> dict[tuple[WeekId, EventId], Showing]:
    """Return what the events of *rows* have become, each once per week."""
    events = list(dict.fromkeys(row.event_id for row in rows))
    targets = dict(zip(events, resolved(connection, events), strict=True))
    threads = _threads_of(connection, list(targets.values()))
    found: dict[tuple[WeekId, EventId], Showing] = {}
    for row in rows:
        target = targets[row.event_id]
        if (row.week, row.event_id) not in found and target in threads:
            showing = Showing(target, threads[target], row.week, row.ends_at, row.built_at)
            found[row.week, row.event_id] = found.setdefault((row.week, target), showing)
    return found


def _threads_of(connection: Connection, events: Sequence[EventId]) -> dict[EventId, ThreadId]:
    found: dict[EventId, ThreadId] = {}
    for part in chunks(events):
        query = select(EVENTS.c.id, EVENTS.c.thread_id).where(EVENTS.c.id.in_(part))
        found |= {row.id: row.thread_id for row in connection.execute(query)}
    return found
