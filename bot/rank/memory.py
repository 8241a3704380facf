"""Memory: where an event's affair stands, after what earlier recaps told of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.model.article import Article
from bot.model.event import Dossier, EventState
from bot.model.recap import Showing, Standing
from bot.model.values import EventId, ThreadId


@dataclass(frozen=True, slots=True)
class Past:
    """The last recap that showed each event, and each thread."""

    by_event: Mapping[EventId, Showing]
    by_thread: Mapping[ThreadId, Showing]

    def last(self, dossier: Dossier) -> Showing | None:
        """Return the last showing of the event or of its thread; null where no recap showed either."""
        found = (self.by_event.get(dossier.event.id), self.by_thread.get(dossier.event.thread_id))
        return max((each for each in found if each), key=lambda each: each.ends_at, default=None)


def past(showings: Iterable[Showing]) -> Past:
    """Return *showings*, whatever their order, by event and by thread."""
    ordered = sorted(showings, key=lambda showing: (showing.ends_at, showing.event_id))
    return Past({each.event_id: each for each in ordered}, {each.thread_id: each for each in ordered})


def told(dossier: Dossier, showing: Showing | None) -> tuple[Article, ...]:
    """
    Return the articles of an event that readers of *showing* (its last) may know; none where no recap showed it.

    Those that were there when that recap was built, as far as its week went.
    """
    if showing is None:
        return ()
    return tuple(
        article
        for article in dossier.articles
        if article.collected_at <= showing.built_at and article.dated_at < showing.ends_at
    )


def since(dossier: Dossier, showing: Showing | None) -> tuple[Article, ...]:
    """Return the articles that came after what *showing* told of an event; all where no recap showed it."""
    known = {article.id for article in told(dossier, showing)}
    return tuple(article for article in dossier.articles if article.id not in known)


def standing(dossier: Dossier, *, past: Past, news: str | None, ending: str | None) -> Standing:
    """
    Return where the affair of an event stands.

    *news* says what no earlier recap told of it, *ending* with which words its affair came to its end. New is
    what no recap showed; Developing what one showed and of which there is news; Resolved what came to its end.
    Without news, what a recap showed is a repeat.
    """
    last = past.last(dossier)
    if last is None:
        state = EventState.RESOLVED if ending else EventState.NEW
        return Standing(state, f"over: {ending}" if ending else "no earlier recap told of it")
    if news is None:
        return Standing(EventState.NEW, f"in the recap of {last.week}, nothing new since", last.week, is_repeat=True)
    if ending:
        return Standing(EventState.RESOLVED, f"over: {ending}", last.week)
    count = len(since(dossier, past.by_event.get(dossier.event.id)))
    articles = "1 new article" if count == 1 else f"{count} new articles"
    return Standing(EventState.DEVELOPING, f"{articles} since {last.week}: {news}", last.week)


def by_now(dossier: Dossier, thread: Sequence[Dossier]) -> EventState:
    """Return where the affair of an event stands by now, by the last event of its *thread*; its own page shows it."""
    states = [other.event.state for other in sorted((*thread, dossier), key=_begin)]
    if states[-1] == EventState.RESOLVED:
        return EventState.RESOLVED
    is_alone = all(other.event.id == dossier.event.id for other in thread)
    return dossier.event.state if is_alone else EventState.DEVELOPING


def _begin(dossier: Dossier) -> tuple[object, EventId]:
    return dossier.event.first_published_at, dossier.event.id
