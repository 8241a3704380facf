"""Tell followers: one direct message when an affair that somebody follows has developed."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache

import structlog

from bot.compose import slack_follow
from bot.compose.card import event_url
from bot.compose.voice import Voice
from bot.deliver.plan import SenderFacts
from bot.model.article import Article
from bot.model.delivery import FOLLOW, Delivery, delivery_id
from bot.model.digest import CardLink, Digest
from bot.model.event import Dossier
from bot.model.feedback import Follow
from bot.model.recap import RecapNumbers
from bot.model.route import Medium
from bot.model.values import ThreadId
from bot.ports import Sender
from bot.rank import developed
from bot.rank.developed import Development
from bot.rank.signals import Known
from bot.workflows import follow_threads, keep_time, plan_recap
from bot.workflows.pool import Desk

log = structlog.get_logger(__name__)

PAUSE = timedelta(hours=3)
"""Between two messages about one affair: what publishers tell one after the other comes in one."""
_MINUTES = 10


def plan_due(*, desk: Desk, senders: Mapping[Medium, Sender], now: datetime) -> None:
    """Look for developments once in every ten minutes, where Slack can be reached. Raises: StorageError."""
    if not desk.store.claim_period("follow", keep_time.period(now, minutes=_MINUTES), now=now):
        return
    if sender := plan_recap.usable(senders).get(Medium.SLACK):
        plan(desk=desk, sender=sender, now=now)


def plan(*, desk: Desk, sender: SenderFacts, now: datetime) -> int:
    """
    Enter a message into the ledger for each follower whose affair developed, or was merged; return how many.

    What a message is about is named by what its reader knew before, so that a run that died half-way plans none
    twice. Follows of another workspace than the sender's wait.
    """
    load_thread = cache(desk.store.load_thread)
    planned = 0
    for follow in desk.store.load_follows():
        if follow.workspace != sender.workspace:
            continue
        if not load_thread(follow.thread_id):
            planned += _merged(follow, sender, desk=desk, now=now)
            continue
        if now < follow.since + PAUSE:
            continue
        if _news(load_thread(follow.thread_id), since=follow.since, until=now, desk=desk):
            about = subject_of(follow.thread_id, follow.since)
            planned += desk.store.save_deliveries([_delivery(about, follow, sender, now=now)])
            desk.store.move_follow(follow, since=now)
    if planned:
        log.info("follow.planned", messages=planned)
    return planned


def digest(delivery: Delivery, *, desk: Desk) -> Digest | None:
    """Return the message of *delivery* in its reader's language; null where they follow the affair no more."""
    _, thread, since, *merged = delivery.subject.split("/")
    follows = desk.store.load_follows(person=(delivery.workspace, delivery.recipient))
    dossiers = desk.store.load_thread(thread) if any(each.thread_id == thread for each in follows) else []
    news = _news(dossiers, since=datetime.fromisoformat(since), until=delivery.planned_at, desk=desk)
    if not dossiers or (news is None and not merged):
        return None
    articles = news.articles if news and not merged else ()
    reader = desk.store.load_slack_subscriber(delivery.workspace, delivery.recipient)
    language = reader.language if reader else desk.recap.languages[0]
    zone = reader.timezone if reader else desk.recap.zone
    voice = Voice(desk.renderer, language, zone, policy=desk.card, now=delivery.planned_at)
    latest = max(dossiers, key=lambda each: (each.event.last_published_at, each.event.id))
    title = latest.title_in(language)[0]
    return Digest(
        key=delivery.subject,
        recap_id="",
        route_id=FOLLOW,
        audiences=[],
        language=language,
        title=title,
        numbers=RecapNumbers(),
        slack=[
            slack_follow.message(
                latest.event.id,
                [_link(article) for article in articles],
                title=title,
                url=event_url(latest.event, policy=desk.card),
                voice=voice,
            )
        ],
        built_at=delivery.planned_at,
    )


def _news(thread: Sequence[Dossier], *, since: datetime, until: datetime, desk: Desk) -> Development | None:
    owner_of = Known(desk.sources, desk.ranking, until).owner_of
    return developed.since(thread, since, until=until, owner_of=owner_of)


def _merged(follow: Follow, sender: SenderFacts, *, desk: Desk, now: datetime) -> int:
    """Let *follow* go on with what its thread was merged into, and say so; return how many messages that makes."""
    became = follow_threads.go_on(follow, desk=desk)
    if became is None:
        return 0
    about = f"{subject_of(became.event.thread_id, follow.since)}/{follow.thread_id}"
    planned = desk.store.save_deliveries([_delivery(about, follow, sender, now=now)])
    desk.store.delete_follow(follow.thread_id, workspace=follow.workspace, person=follow.person)
    return planned


def _delivery(subject: str, follow: Follow, sender: SenderFacts, *, now: datetime) -> Delivery:
    identity = delivery_id(
        subject,
        purpose=FOLLOW,
        workspace=sender.workspace,
        destination=follow.person,
        recipient=follow.person,
        part="parent",
        revision=0,
    )
    return Delivery(
        id=identity,
        purpose=FOLLOW,
        subject=subject,
        workspace=sender.workspace,
        medium=Medium.SLACK,
        destination=follow.person,
        recipient=follow.person,
        part="parent",
        sender=sender.name,
        route_id=FOLLOW,
        planned_at=now,
        not_before=now,
    )


def subject_of(thread: ThreadId, since: datetime) -> str:
    """Return what a message is about: a thread's news *since* a moment; of a merged one its thread stands behind it."""
    return f"{FOLLOW}/{thread}/{since.isoformat()}"


def _link(article: Article) -> CardLink:
    return CardLink(title=article.title, url=article.canonical_url or article.url, publisher=article.publisher)
