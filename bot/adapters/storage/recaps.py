"""Insights, recaps, digests and what editors did to them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, select

from bot.adapters.storage.rows import Room, Row, chunks, columns_of, keep, models_of, rows_of, upsert
from bot.adapters.storage.tables import (
    DIGEST_EVENTS,
    DIGESTS,
    INSIGHTS,
    RECAP_EVENTS,
    RECAPS,
    REVIEW_ACTS,
)
from bot.model.digest import Digest, DigestState
from bot.model.feedback import ReviewAct
from bot.model.insight import Insight
from bot.model.recap import Recap, ScoredEvent
from bot.model.values import EventId, RecapId, RouteId

_NEWEST = (RECAPS.c.ends_at.desc(), RECAPS.c.built_at.desc(), RECAPS.c.id)
# Built once: every list asks for them.
_INSIGHTS_OF: Select[Any] = (
    select(INSIGHTS)
    .where(INSIGHTS.c.event_id.in_(bindparam("events", expanding=True)))
    .order_by(INSIGHTS.c.made_at.desc(), INSIGHTS.c.key)
)
_SENT = [
    column
    for column in DIGESTS.c
    if column.name not in {"cards", "sections", "also", "beyond", "corrections", "previous"}
]
"""To read ten cards takes ten times as long as the mail that was made of them."""


class Insights(Room):
    """What events mean."""

    def load_insights(self, events: Sequence[EventId]) -> dict[EventId, list[Insight]]:
        """Return the stored insights of *events*, newest first."""
        found: dict[EventId, list[Insight]] = defaultdict(list)
        with self._database.reading() as connection:
            for part in chunks(events):
                for insight in models_of(connection, _INSIGHTS_OF, Insight, events=part):
                    found[insight.event_id].append(insight)
        return dict(found)

    def save_insight(self, insight: Insight) -> None:
        """Insert or replace by key."""
        with self._database.writing() as connection:
            upsert(connection, INSIGHTS, rows_of([insight], INSIGHTS))


class Recaps(Room):
    """Editions, frozen."""

    def load_recap(self, recap: RecapId) -> Recap | None:
        """Return the recap with its scored events, or null."""
        with self._database.reading() as connection:
            return next(iter(_recaps(connection, select(RECAPS).where(RECAPS.c.id == recap))), None)

    def load_recaps(self) -> list[Recap]:
        """Return all recaps, newest first."""
        with self._database.reading() as connection:
            return _recaps(connection, select(RECAPS).order_by(*_NEWEST))

    def load_recap_heads(self) -> list[Recap]:
        """Return all recaps without their scored events, newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(RECAPS).order_by(*_NEWEST)).mappings()
            return [Recap.model_validate(dict(row)) for row in rows]

    def load_digests(self, recap: RecapId) -> list[Digest]:
        """Return the routes' own digests of *recap* by route; those of segments may be hundreds."""
        own = (DIGESTS.c.recap_id == recap) & (DIGESTS.c.segment == "")
        by_route = select(DIGESTS).where(own).order_by(DIGESTS.c.route_id, DIGESTS.c.key)
        with self._database.reading() as connection:
            return models_of(connection, by_route, Digest)

    def load_held(self, recap: RecapId) -> dict[tuple[RouteId, str], list[EventId]]:
        """Return the events that *recap*'s digests held over, by route and segment."""
        held = (DIGESTS.c.recap_id == recap) & (DIGESTS.c.state == DigestState.HELD)
        shown = select(DIGESTS.c.route_id, DIGESTS.c.segment, DIGEST_EVENTS.c.event_id).select_from(
            DIGESTS.join(DIGEST_EVENTS)
        )
        found: dict[tuple[RouteId, str], list[EventId]] = defaultdict(list)
        with self._database.reading() as connection:
            for row in connection.execute(shown.where(held).order_by(DIGEST_EVENTS.c.event_id)):
                found[row.route_id, row.segment].append(row.event_id)
        return dict(found)

    def load_digest_states(self, recap: RecapId) -> dict[str, DigestState]:
        """Return the states of *recap*'s digests by their keys: cheap however many cards they have."""
        states = select(DIGESTS.c.key, DIGESTS.c.state).where(DIGESTS.c.recap_id == recap).order_by(DIGESTS.c.key)
        with self._database.reading() as connection:
            return {key: DigestState(state) for key, state in connection.execute(states)}

    def load_digest(self, key: str) -> Digest | None:
        """Return one digest, or null."""
        with self._database.reading() as connection:
            return next(iter(models_of(connection, select(DIGESTS).where(DIGESTS.c.key == key), Digest)), None)

    def load_messages(self, key: str) -> Digest | None:
        """Return what is sent of one digest, or null: as `load_digest`, but without its cards and links."""
        sent = select(*_SENT).where(DIGESTS.c.key == key)
        with self._database.reading() as connection:
            return next(iter(models_of(connection, sent, Digest)), None)

    def save_edition(self, recap: Recap, digests: Sequence[Digest], insights: Sequence[Insight]) -> None:
        """
        Freeze an edition: recap, digests and insights together, all or nothing; a stored one is kept as it is.

        Digests that a stored recap does not have yet (a new segment's) are added to it.
        """
        with self._database.writing() as connection:
            if keep(connection, RECAPS, rows_of([recap], RECAPS)):
                keep(connection, RECAP_EVENTS, _ranked_rows(recap))
            keep(connection, INSIGHTS, rows_of(insights, INSIGHTS))
            for digest in digests:
                if keep(connection, DIGESTS, rows_of([digest], DIGESTS)):
                    keep(connection, DIGEST_EVENTS, _shown_rows(digest))

    def save_digest(self, digest: Digest, act: ReviewAct, *, instead_of: Digest) -> bool:
        """Replace a digest that an editor changed, with the record; false where *instead_of* is not stored any more."""
        known = select(DIGESTS).where(DIGESTS.c.key == digest.key).with_for_update()
        with self._database.writing() as connection:
            if models_of(connection, known, Digest) != [instead_of]:
                return False
            upsert(connection, DIGESTS, rows_of([digest], DIGESTS))
            connection.execute(delete(DIGEST_EVENTS).where(DIGEST_EVENTS.c.digest_key == digest.key))
            keep(connection, DIGEST_EVENTS, _shown_rows(digest))
            upsert(connection, REVIEW_ACTS, rows_of([act], REVIEW_ACTS))
            return True

    def load_review_acts(self, digest_key: str) -> list[ReviewAct]:
        """Return what was done to a digest, oldest first."""
        acts = select(REVIEW_ACTS).where(REVIEW_ACTS.c.digest_key == digest_key)
        with self._database.reading() as connection:
            return models_of(connection, acts.order_by(REVIEW_ACTS.c.acted_at, REVIEW_ACTS.c.id), ReviewAct)


def _recaps(connection: Connection, query: Select[Any]) -> list[Recap]:
    rows = [dict(row) for row in connection.execute(query).mappings()]
    events: dict[RecapId, list[ScoredEvent]] = defaultdict(list)
    for part in chunks(row["id"] for row in rows):
        for recap_id, event in _ranked(connection, part):
            events[recap_id].append(event)
    return [Recap.model_validate(row | {"events": events[row["id"]]}) for row in rows]


def _ranked(connection: Connection, recaps: list[RecapId]) -> Iterable[tuple[RecapId, ScoredEvent]]:
    columns = columns_of(RECAP_EVENTS, ScoredEvent)
    ranked = select(RECAP_EVENTS.c.recap_id, *columns).where(RECAP_EVENTS.c.recap_id.in_(recaps))
    for row in connection.execute(ranked.order_by(RECAP_EVENTS.c.recap_id, RECAP_EVENTS.c.position)).mappings():
        values = dict(row)
        yield values.pop("recap_id"), ScoredEvent.model_validate(values)


def _ranked_rows(recap: Recap) -> list[Row]:
    return [
        row
        for position, event in enumerate(recap.events)
        for row in rows_of([event], RECAP_EVENTS, recap_id=recap.id, position=position)
    ]


def _shown_rows(digest: Digest) -> list[Row]:
    """Return what readers are told of: the cards, and what else there was, in a line each."""
    lines = (*digest.also, *digest.beyond)
    told = [*(card.event_id for card in digest.cards), *(link.event_id for link in lines if link.event_id)]
    return [{"digest_key": digest.key, "event_id": event} for event in dict.fromkeys(told)]
