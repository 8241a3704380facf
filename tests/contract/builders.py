"""Builders of what only the store's tests need."""

from datetime import timedelta

from bot.model.article import Article, Decision
from bot.model.delivery import Delivery, delivery_id
from bot.model.digest import Card, CardCoverage, Digest, EmailMessage, SlackMessage, digest_key
from bot.model.event import Clustering, Dossier, EventState
from bot.model.feedback import Feedback, Follow, Vote
from bot.model.insight import Citation, Claim, ClaimPart, Insight, insight_key
from bot.model.recap import Recap, RecapNumbers, ScoredEvent, ScorePart
from bot.model.route import Medium
from bot.model.source import SourceState
from bot.model.subscriber import Subscriber, Subscription, SubscriptionState
from bot.model.values import digest_of
from bot.model.week import Week
from bot.ports import Store
from tests.builders import MONDAY, NOW

WEEK = Week(2026, 47)


def a_state(slug: str = "halden", **values: object) -> SourceState:
    url = f"https://{slug}.example/feed.xml"
    return SourceState.model_validate({"slug": slug, "configured_url": url, "url": url} | values)


def store_articles(store: Store, *articles: Article) -> None:
    store.save_collected(a_state(), [Decision(article, "add", "first seen") for article in articles])


def store_dossiers(store: Store, *dossiers: Dossier) -> None:
    for dossier in dossiers:
        store_articles(store, *dossier.articles)
        store.save_clustering(Clustering((dossier.event,), dossier.memberships))


def an_insight(dossier: Dossier, *, analyst: str = "extractive", **values: object) -> Insight:
    first = dossier.articles[0]
    quote = Citation(
        article_id=first.id, content_hash=first.content_hash, quote=first.title, start=0, end=len(first.title)
    )
    given: dict[str, object] = {
        "key": insight_key(dossier.event.id, dossier.content_hash, language="en", analyst=analyst, prompt_version=""),
        "event_id": dossier.event.id,
        "content_hash": dossier.content_hash,
        "language": "en",
        "analyst": analyst,
        "claims": [Claim(part=ClaimPart.HOOK, text=first.title, language="en", citations=[quote])],
        "made_at": NOW,
    }
    return Insight.model_validate(given | values)


def a_recap(*events: str, **values: object) -> Recap:
    part = ScorePart(name="coverage", value=0.5, weight=0.35, reason="3 publishers")
    given: dict[str, object] = {
        "id": WEEK.id,
        "week": WEEK.id,
        "zone": "UTC",
        "title": "Weekly Recap",
        "starts_at": WEEK.starts_at,
        "ends_at": WEEK.ends_at,
        "built_at": WEEK.ends_at + timedelta(hours=6),
        "numbers": RecapNumbers(articles=12, failed_sources=["halden"]),
        "events": [ScoredEvent(event_id=event, score=0.9, parts=[part]) for event in events],
    }
    return Recap.model_validate(given | values)


def a_card(event: str) -> Card:
    return Card(
        event_id=event,
        thread_id="t0",
        url=f"https://recap.example/e/{event}",
        week=WEEK.id,
        recap_url="https://recap.example/w/2026-W47",
        publisher="36氪",
        title="Halcyon 发布天气模型",
        language="zh",
        state=EventState.DEVELOPING,
        first_published_at=MONDAY,
        last_published_at=MONDAY,
        coverage=CardCoverage(articles=1, publishers=["36氪"], languages=["zh"]),
    )


def a_digest(*events: str, route: str = "all", recap: str = WEEK.id, **values: object) -> Digest:
    key = digest_key(recap, route, audiences=["*"], language="en", density="full", mutes=[])
    given: dict[str, object] = {
        "key": key,
        "recap_id": recap,
        "route_id": route,
        "audiences": ["*"],
        "language": "en",
        "title": "Weekly Recap",
        "numbers": RecapNumbers(articles=12),
        "cards": [a_card(event) for event in events],
        "slack": [SlackMessage(part="parent", text="Weekly Recap", blocks=[{"type": "divider"}])],
        "email": EmailMessage(subject="Weekly Recap", html="<p>…</p>", text="…", language="en"),
        "built_at": WEEK.ends_at + timedelta(hours=6),
    }
    return Digest.model_validate(given | values)


def a_delivery(part: str = "parent", **values: object) -> Delivery:
    given: dict[str, object] = {
        "purpose": "recap",
        "subject": "digest-1",
        "workspace": "T1",
        "medium": Medium.SLACK,
        "destination": "C1",
        "recipient": "C1",
        "part": part,
        "revision": 0,
        "sender": "slack",
        "recap_id": WEEK.id,
        "route_id": "all",
        "planned_at": NOW,
        "not_before": NOW,
    }
    given |= values
    identity = {name: given[name] for name in ("purpose", "workspace", "destination", "recipient", "part", "revision")}
    given.setdefault("id", delivery_id(str(given["subject"]), **identity))  # type: ignore[arg-type]  # the values' types differ
    return Delivery.model_validate(given)


def a_subscriber(address: str | None = "ann@reader.example", **values: object) -> Subscriber:
    given = {"id": digest_of("subscriber", str(address)), "address": address, "created_at": NOW}
    return Subscriber.model_validate(given | values)


def a_subscription(subscriber: Subscriber, *, list_id: str = "weekly", **values: object) -> Subscription:
    given: dict[str, object] = {
        "id": digest_of("subscription", subscriber.id, list_id),
        "subscriber_id": subscriber.id,
        "list_id": list_id,
        "state": SubscriptionState.ACTIVE,
        "created_at": NOW,
        "changed_at": NOW,
    }
    return Subscription.model_validate(given | values)


def a_vote(event: str, *, workspace: str = "T1", person: str = "U1", **values: object) -> Feedback:
    given: dict[str, object] = {
        "id": digest_of("vote", event, workspace, person),
        "event_id": event,
        "workspace": workspace,
        "person": person,
        "vote": Vote.USEFUL,
        "given_at": NOW,
    }
    return Feedback.model_validate(given | values)


def a_follow(thread: str, *, workspace: str = "T1", person: str = "U1") -> Follow:
    identity = digest_of("follow", thread, workspace, person)
    return Follow(id=identity, thread_id=thread, workspace=workspace, person=person, since=NOW)
