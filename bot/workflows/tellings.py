"""Tell a week's events as each segment's readers know them: by what their own digests showed, not by all digests."""

from collections import ChainMap, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.model.event import Dossier
from bot.model.recap import Showing, Standing
from bot.model.values import RouteId, ThreadId, WeekId
from bot.model.week import Week
from bot.rank import memory
from bot.workflows.pool import Desk, Pool
from bot.workflows.recall import Memory


@dataclass(frozen=True, slots=True)
class Tellings:
    """One week's pool, as it is news to each segment."""

    pool: Pool
    """As it is news to readers of the routes' own digests."""
    own: Sequence[Showing]
    """What those showed, of the affairs that are in the pool."""
    told: Mapping[tuple[RouteId, str], Mapping[WeekId, Sequence[Showing]]]
    events: Mapping[ThreadId, Sequence[Dossier]]
    """The events of the pool by their affair."""
    known: dict[tuple[object, ...], Standing]
    """Standings by what was told of their affair: of most, segments were told the same."""

    def to(self, readers: tuple[RouteId, str]) -> Pool:
        """
        Return the pool as it is news to *readers*: a route's segment.

        For a week in which they had no digest, what the routes' own showed counts as theirs.
        """
        weeks = self.told.get(readers)
        if weeks is None:
            return self.pool
        showings = [each for each in self.own if each.week not in weeks]
        showings += [each for shown in weeks.values() for each in shown if each.thread_id in self.events]
        told = replace(self.pool.memory, past=memory.past(showings))
        threads = {each.thread_id for each in (*self.own, *showings)}
        changed = {
            each.event.id: self._standing(each, told) for thread in threads for each in self.events.get(thread, ())
        }
        repeats = {event for event, standing in changed.items() if standing.is_repeat}
        return replace(
            self.pool,
            memory=told,
            standings=ChainMap(changed, self.pool.standings),
            repeats=(self.pool.repeats - changed.keys()) | repeats,
        )

    def _standing(self, dossier: Dossier, told: Memory) -> Standing:
        mates = told.threads.get(dossier.event.thread_id, ())
        last = told.past.by_thread.get(dossier.event.thread_id)
        key = (dossier.event.id, last, *(told.past.by_event.get(mate.event.id) for mate in mates))
        if key not in self.known:
            self.known[key] = told.standing(dossier)
        return self.known[key]


def of(pool: Pool, week: Week, *, desk: Desk) -> Tellings:
    """Return what each segment was told before *week*, as far as *pool* goes on with it."""
    events: defaultdict[ThreadId, list[Dossier]] = defaultdict(list)
    for dossier in pool.dossiers.values():
        events[dossier.event.thread_id].append(dossier)
    since = week.starts_at - timedelta(weeks=desk.recap.related_weeks)
    own = [each for each in desk.store.load_showings(before=week.starts_at) if each.thread_id in events]
    return Tellings(pool, own, desk.store.load_told(since=since, before=week.starts_at), dict(events), {})
