"""The week's edition: its identity, its events and its numbers."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.model.event import Dossier, EventState
from bot.model.policy import RecapPolicy
from bot.model.recap import Recap, RecapNumbers, ScoredEvent
from bot.model.source import SourceState
from bot.model.values import EventId, SourceSlug
from bot.model.week import Week


def of_week(
    week: Week,
    scored: Sequence[ScoredEvent],
    dossiers: Mapping[EventId, Dossier],
    *,
    policy: RecapPolicy,
    states: Mapping[SourceSlug, SourceState],
    now: datetime,
    partial: bool,
    carried: frozenset[EventId] = frozenset(),
    previous: RecapNumbers | None = None,
) -> Recap:
    """
    Return the edition of *week* with *scored* events, best first, each of which has its dossier.

    A partial one covers the week up to *now*. Events *carried* over from the weeks before are told, but not counted:
    *previous* are the numbers of the week before, which counted them.
    """
    ends_at = min(week.ends_at, now) if partial else week.ends_at
    built_on = now.astimezone(ZoneInfo(week.zone)).date()
    counted = [event for event in scored if event.event_id not in carried]
    return Recap(
        id=f"{week.id}-partial-{built_on}" if partial else week.id,
        week=week.id,
        zone=week.zone,
        title=policy.title,
        starts_at=week.starts_at,
        ends_at=ends_at,
        built_at=now,
        is_partial=partial,
        numbers=_numbers(week, counted, dossiers, states=states, ends_at=ends_at),
        previous=previous,
        events=sorted(scored, key=lambda event: (-event.score, event.event_id)),
    )


def _numbers(
    week: Week,
    scored: Sequence[ScoredEvent],
    dossiers: Mapping[EventId, Dossier],
    *,
    states: Mapping[SourceSlug, SourceState],
    ends_at: datetime,
) -> RecapNumbers:
    articles = [article for event in scored for article in dossiers[event.event_id].articles]
    standing = Counter(event.state for event in scored)
    polled = [state for state in states.values() if not _was_retired(state, week)]
    last_moment = max(ends_at - timedelta(microseconds=1), week.starts_at)
    return RecapNumbers(
        first_day=week.first_day.isoformat(),
        last_day=last_moment.astimezone(ZoneInfo(week.zone)).date().isoformat(),
        articles=len(articles),
        events=len(scored),
        publishers=len({article.publisher for article in articles}),
        languages=len({article.language for article in articles} - {"und"}),
        sources=len(polled),
        failed_sources=sorted(state.slug for state in polled if _failed(state, week)),
        new=standing[EventState.NEW],
        developing=standing[EventState.DEVELOPING],
        resolved=standing[EventState.RESOLVED],
    )


def _was_retired(state: SourceState, week: Week) -> bool:
    return state.retired_at is not None and state.retired_at < week.starts_at


def _failed(state: SourceState, week: Week) -> bool:
    return state.failures > 0 and state.last_polled_at is not None and state.last_polled_at >= week.starts_at
