"""The week of a recap as it was when the recap was built."""

from dataclasses import replace

from bot.model.event import Dossier
from bot.model.recap import Recap
from bot.workflows import pool as pools
from bot.workflows.pool import Desk, Pool


def pool_of(recap: Recap, *, desk: Desk) -> Pool:
    """Return the week as it was when *recap* was built: its scores, and no article that came later."""
    week, built = desk.week(recap.week), desk.store.load_recap(recap.id) or recap
    pool = pools.load(week, desk=desk, until=recap.ends_at, held=pools.load_held(week, desk=desk))
    dossiers = {event: _as_built(dossier, built) for event, dossier in pool.dossiers.items()}
    told = {each.event_id for each in built.events}
    # What the recap left out as told before may be news to a segment.
    repeats = [each for each in pool.scored if each.event_id in pool.repeats - told]
    known = [each for each in built.events if each.event_id in dossiers]
    return replace(pool, dossiers=dossiers, scored=[*known, *repeats])


def _as_built(dossier: Dossier, recap: Recap) -> Dossier:
    told = tuple(article for article in dossier.articles if article.collected_at <= recap.built_at)
    return replace(dossier, articles=told) if told else dossier
