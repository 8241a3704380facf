"""Edits: what becomes of events that an editor merges or splits."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from bot.model.article import Article
from bot.model.errors import NotAllowed
from bot.model.event import Bond, Clustering, Dossier, Event, JoinedBy, Membership, Verdict
from bot.model.values import ArticleId, EventId
from bot.ports import Vector
from bot.understand import graph, settle

_BEFORE = "; before: "


def merge(one: Dossier, other: Dossier, *, vectors: Mapping[ArticleId, Vector], now: datetime) -> Clustering:
    """
    Return one event of two: the earlier founded keeps its id, the other's leads to it.

    Raises: NotAllowed where both are the same.
    """
    if one.event.id == other.event.id:
        raise NotAllowed(f"{one.event.id} is one event already; name two.")
    kept, gone = sorted((one, other), key=lambda dossier: (dossier.founded_at, dossier.event.id))
    event = _refreshed(kept.event, [*kept.articles, *gone.articles], vectors)
    return Clustering(
        events=(event,),
        memberships=(
            *_memberships(kept, event.id, why="kept here by an editor", now=now),
            *_memberships(gone, event.id, why=f"merged from {gone.event.id} by an editor", now=now),
        ),
        redirects={gone.event.id: kept.event.id},
        bonds=_bonds(kept.articles, gone.articles, Verdict.TOGETHER, now=now),
    )


def split(
    dossier: Dossier,
    moved: Collection[ArticleId],
    *,
    new_id: EventId,
    vectors: Mapping[ArticleId, Vector],
    now: datetime,
) -> Clustering:
    """
    Return two events of one: the *moved* articles become *new_id*, in the same thread; the others keep the old id.

    Raises: NotAllowed where nothing would move, or nothing stay.
    """
    leaving = [article for article in dossier.articles if article.id in moved]
    staying = [article for article in dossier.articles if article.id not in moved]
    if not leaving or not staying:
        raise NotAllowed(f"A split of {dossier.event.id} must take some of its {len(dossier.articles)} articles.")
    rest = _refreshed(dossier.event, staying, vectors)
    founding = founding_of(leaving)
    part = _refreshed(_event_of(dossier.event, new_id=new_id, founding=founding), leaving, vectors)
    stays = {article.id for article in staying}
    return Clustering(
        events=(rest, part),
        memberships=(
            *_memberships(dossier, rest.id, why="kept here by an editor", now=now, only=stays),
            *_memberships(dossier, part.id, why=f"split from {rest.id} by an editor", now=now, only=set(moved)),
        ),
        restored=(part.id,),
        bonds=_bonds(staying, leaving, Verdict.APART, now=now),
    )


def founding_of(articles: Iterable[Article]) -> Article:
    """Return the article that founds an event of *articles*: the earliest."""
    return min(articles, key=lambda article: (article.dated_at, article.id))


def _event_of(left: Event, *, new_id: EventId, founding: Article) -> Event:
    """Return an event of the thread of *left* whose facts are still to be found."""
    return Event(
        id=new_id,
        thread_id=left.thread_id,
        state=left.state,
        founding_article_id=founding.id,
        title=founding.title,
        language=founding.language,
        first_published_at=founding.dated_at,
        first_collected_at=founding.collected_at,
        last_published_at=founding.dated_at,
    )


def _refreshed(event: Event, articles: Sequence[Article], vectors: Mapping[ArticleId, Vector]) -> Event:
    """Return *event* with the facts that its *articles* give it now."""
    told = tuple(graph.in_time(articles))
    scene = graph.scene([], [Dossier(event, told)], vectors)
    [(refreshed, _)] = settle.events(scene, [range(len(told))], now=event.last_published_at)
    return refreshed


def _memberships(
    dossier: Dossier, event_id: EventId, *, why: str, now: datetime, only: Collection[ArticleId] | None = None
) -> list[Membership]:
    """Return the memberships of *dossier* as an editor's, in the event of *event_id*, with the reason they had."""
    return [
        membership.model_copy(
            update={
                "event_id": event_id,
                "by": JoinedBy.EDITOR,
                "reason": f"{why}{_BEFORE}{membership.reason.rsplit(_BEFORE, maxsplit=1)[-1]}",
                "joined_at": membership.joined_at if membership.event_id == event_id else now,
            }
        )
        for membership in dossier.memberships
        if only is None or membership.article_id in only
    ]


def _bonds(some: Sequence[Article], others: Sequence[Article], verdict: Verdict, *, now: datetime) -> tuple[Bond, ...]:
    pairs = (sorted((one.id, other.id)) for one in some for other in others)
    return tuple(Bond(one_id=one, other_id=other, verdict=verdict, decided_at=now) for one, other in pairs)
