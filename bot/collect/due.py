"""When a source is due, and what is remembered of each poll."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from bot.collect import dates
from bot.model.errors import SourceError, SourceGone
from bot.model.policy import CollectPolicy
from bot.model.source import FeedDocument, FeedEntry, FetchedDocument, Source, SourceState

_ENTRIES_WATCHED = 12
"""The newest entries tell how often a source publishes now."""
_SLOWER_BY = 1.5
"""An unchanged feed is asked this much later the next time."""
_JITTER = 0.1
"""Largest part of an interval that is added, so that sources do not fall due together."""


def is_due(source: Source, state: SourceState | None, *, now: datetime) -> bool:
    """Return whether *source* should be polled: never polled, address changed in config, or its time has come."""
    if state is None or state.configured_url != source.url:
        return True
    if state.retired_at is not None:
        return False
    return state.next_due_at is None or state.next_due_at <= now


def state_of(source: Source, state: SourceState | None) -> SourceState:
    """
    Return what is remembered of *source*, or a clean slate.

    A new address in config forgets validators, failures and retirement, but not that
    the source was read before.
    """
    if state is not None and state.configured_url == source.url:
        return state
    fresh = SourceState(slug=source.slug, configured_url=source.url, url=source.url)
    if state is not None:
        fresh.first_success_at = state.first_success_at
        fresh.last_success_at = state.last_success_at
        fresh.articles_seen = state.articles_seen
    return fresh


def after_success(
    state: SourceState,
    *,
    document: FetchedDocument,
    feed: FeedDocument | None,
    policy: CollectPolicy,
    now: datetime,
    jitter: float,
) -> SourceState:
    """Return *state* after a poll that went well; *feed* is null where nothing had changed, *jitter* is 0..1."""
    interval_s = _interval_s(state, document=document, feed=feed, policy=policy, now=now)
    return state.model_copy(
        update={
            "url": document.moved_to or state.url,
            "etag": document.etag,
            "last_modified": document.last_modified,
            "next_due_at": now + timedelta(seconds=interval_s * (1 + _JITTER * jitter)),
            "last_polled_at": now,
            "first_success_at": state.first_success_at or now,
            "last_success_at": now,
            "failures": 0,
            "last_error": None,
            "retired_at": None,
            "interval_s": interval_s,
        }
    )


def after_failure(
    state: SourceState, error: SourceError, *, policy: CollectPolicy, now: datetime, jitter: float
) -> SourceState:
    """
    Return *state* after a poll that failed: pauses double, and are never shorter than the publisher asked for.

    SourceGone retires the source; but where it was read at an address that a redirect
    gave, the configured one is tried again first.
    """
    failures = state.failures + 1
    pause_s = min(policy.back_off_s * 2.0 ** min(failures - 1, 30), policy.back_off_max_s)
    pause_s = max(pause_s, min(error.retry_after_s or 0.0, policy.back_off_max_s))
    changes: dict[str, object] = {
        "next_due_at": now + timedelta(seconds=pause_s * (1 + _JITTER * jitter)),
        "last_polled_at": now,
        "failures": failures,
        "last_error": str(error),
    }
    if state.url != state.configured_url:
        changes |= {"url": state.configured_url, "etag": None, "last_modified": None}
    elif isinstance(error, SourceGone):
        changes |= {"retired_at": now, "next_due_at": None}
    return state.model_copy(update=changes)


def _interval_s(
    state: SourceState, *, document: FetchedDocument, feed: FeedDocument | None, policy: CollectPolicy, now: datetime
) -> float:
    asked_s = max(document.max_age_s or 0.0, feed.ttl_s or 0.0 if feed else 0.0)
    if feed is None:
        wanted_s = state.interval_s * _SLOWER_BY
    else:
        wanted_s = _pace_s(
            feed.entries, has_validators=bool(document.etag or document.last_modified), policy=policy, now=now
        )
    return min(max(wanted_s, asked_s, policy.min_interval_s), policy.max_interval_s)


def _pace_s(entries: Sequence[FeedEntry], *, has_validators: bool, policy: CollectPolicy, now: datetime) -> float:
    times = sorted(_published(entries, now), reverse=True)
    if not times:
        return policy.max_interval_s if not has_validators else policy.min_interval_s * 4
    newest = times[:_ENTRIES_WATCHED]
    gaps = [(later - earlier).total_seconds() for later, earlier in pairwise(newest)]
    silence_s = (now - newest[0]).total_seconds()
    pace_s = max(median(gaps) if gaps else silence_s, silence_s / 4) / 2
    if has_validators:
        return pace_s
    # Every poll costs the publisher the whole document: once a day, unless entries would be missed.
    window_s = (times[0] - times[-1]).total_seconds() / 2
    return max(pace_s, min(window_s, policy.max_interval_s))


def _published(entries: Sequence[FeedEntry], now: datetime) -> list[datetime]:
    read = (dates.parse(entry.published or entry.updated, guess=None, collected_at=now).at for entry in entries)
    return [at for at in read if at is not None]
