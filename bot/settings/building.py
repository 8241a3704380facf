"""Shapes to the model's own values and policies."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from bot import __version__
from bot.model.audience import Audience, Taught
from bot.model.policy import (
    BouncePolicy,
    CollectPolicy,
    EventKind,
    FreshnessPolicy,
    LlmPolicy,
    MailingList,
    Playbook,
    PlaybookEntry,
    Price,
    RankPolicy,
    RecapPolicy,
    SlackPolicy,
)
from bot.model.route import Destination, Medium, NewsRule, OnTimeout, ReviewChoice, Route, Sectioning, ThinWeek
from bot.model.source import FullTextChoice, Source, SourceKind
from bot.model.subscriber import BounceKind
from bot.settings.environment import Places
from bot.settings.scalars import DAYS, WORKSPACE_ADMINS
from bot.settings.shapes import (
    AudienceShape,
    ListShape,
    LlmNumbers,
    NewsRuleShape,
    PlaybookFile,
    RankingShape,
    RecapFile,
    RouteShape,
    Shape,
    SourceShape,
)

Policy = TypeVar("Policy")

NOBODY = "recap@recap.invalid"
"""Sender of mails that only go to the outbox."""


def source(shape: SourceShape, *, directory: Path) -> Source:
    """Return a source; a directory's path counts from the config *directory*."""
    name = shape.name or shape.slug
    kind = SourceKind(shape.kind)
    return Source(
        slug=shape.slug,
        name=name,
        url=str((directory / shape.url).resolve()) if kind == SourceKind.DIRECTORY else shape.url,
        kind=kind,
        publisher=shape.publisher or name,
        owner=shape.owner or None,
        language=shape.language or None,
        weight=float(shape.weight),
        topics=shape.topics,
        full_text=FullTextChoice(shape.full_text),
    )


def audience(shape: AudienceShape, *, taught: Taught | None) -> Audience:
    """Return an audience, with what it was *taught*; without a name its id is shown."""
    return Audience(
        id=shape.id,
        name=shape.name or shape.id,
        names=shape.names,
        description=shape.description.strip(),
        keywords=shape.keywords,
        hints=shape.hints,
        exceptions=shape.exceptions,
        kinds=shape.kinds,
        examples=shape.examples,
        taught=taught,
    )


def route(shape: RouteShape, *, recap: RecapFile) -> Route:
    """Return a route; language and time zone default to those of recap.yaml."""
    return Route(
        id=shape.id,
        name=shape.name or shape.id,
        audiences=["*"] if "*" in shape.audiences else shape.audiences,
        topics=shape.topics,
        languages=shape.languages,
        language=shape.language or recap.languages[0],
        destinations=[
            Destination(medium=Medium.SLACK if spot.slack else Medium.EMAIL, id=spot.slack or spot.email)
            for spot in shape.destinations
        ],
        day=DAYS.index(shape.day),
        time=shape.time,
        timezone=shape.timezone or recap.timezone,
        max_events=shape.max_events,
        min_events=shape.min_events,
        min_score=float(shape.min_score),
        max_per_publisher=shape.max_per_publisher,
        mute=_rule(shape.mute),
        boost=_rule(shape.boost),
        sections=Sectioning(shape.sections),
        thin_week=ThinWeek(shape.thin_week),
        review=ReviewChoice(shape.review),
        on_timeout=OnTimeout(shape.on_timeout),
    )


def recap_policy(shape: RecapFile, *, places: Places) -> RecapPolicy:
    """Return the edition's policy; a list without a sender takes the environment's."""
    return RecapPolicy(
        title=shape.title,
        zone=shape.timezone,
        week_starts=DAYS.index(shape.week_starts),
        build_day=DAYS.index(shape.build_at.day),
        build_time=shape.build_at.time,
        languages=tuple(dict.fromkeys(shape.languages)),
        freshness=FreshnessPolicy(float(shape.freshness.fresh_hours), float(shape.freshness.recent_hours)),
        lists=tuple(_mailing_list(row, sender=places.email_from or NOBODY) for row in shape.lists),
        shortlist_factor=float(shape.shortlist_factor),
        related_weeks=shape.related_weeks,
        nudge_hours=float(shape.review.nudge_hours),
        review_channel=shape.review.channel,
        only_admins_review=shape.review.editors == "admins",
        reviewers=tuple(dict.fromkeys(shape.review.reviewers)),
        embed_on=tuple(dict.fromkeys(shape.embed_on)),
    )


def bounce_policy(shape: RecapFile) -> BouncePolicy:
    """Return what mails that came back come to."""
    given = shape.bounces
    kinds = {code: BounceKind(kind) for code, kind in given.kinds.items()}
    return BouncePolicy(given.soft_limit, given.soft_weeks, kinds)


def slack_policy(shape: RecapFile) -> SlackPolicy:
    """Return who may change what the workspace shares."""
    admins = frozenset(shape.slack.admins)
    return SlackPolicy(WORKSPACE_ADMINS in admins, admins - {WORKSPACE_ADMINS})


def collect_policy(shape: RecapFile, *, places: Places) -> CollectPolicy:
    """Return the manners of collecting, with a User-Agent that says whom to write to."""
    contact = shape.contact or places.base_url
    agent = f"Recap/{__version__} (+{contact})"
    return policy(CollectPolicy, shape.collect, user_agent=agent, allow_hosts=places.allow_hosts)


def ranking(shape: RankingShape) -> RankPolicy:
    """Return the ranking policy; a signal left out of the weights counts for nothing."""
    return policy(RankPolicy, shape, weights={name: float(weight) for name, weight in shape.weights.items()})


def playbook(shape: PlaybookFile, *, audiences: set[str]) -> Playbook:
    """Return the playbook without advice for audiences that this config does not have."""
    return Playbook(
        kinds=tuple(
            EventKind(
                kind.id,
                kind.name or kind.id,
                {code: tuple(words) for code, words in kind.keywords.items()},
                {code: tuple(words) for code, words in kind.resolved_by.items()},
            )
            for kind in shape.kinds
        ),
        entries=tuple(
            PlaybookEntry(row.kind, row.audience, dict(row.text))
            for row in shape.advice
            if row.audience == "*" or row.audience in audiences
        ),
    )


def policy(kind: Callable[..., Policy], shape: Shape, **more: object) -> Policy:
    """Return a policy with the numbers that were written in config, and its own defaults for the others."""
    given = {name: getattr(shape, name) for name in shape.model_fields_set}
    return kind(**{name: value for name, value in given.items() if isinstance(value, int | float)}, **more)


def llm_policy(shape: LlmNumbers) -> LlmPolicy:
    """Return how a language model is asked."""
    prices = {name: policy(Price, price) for name, price in shape.prices.items()}
    return policy(LlmPolicy, shape, prices=prices)


def _rule(shape: NewsRuleShape) -> NewsRule:
    return NewsRule(words=shape.words, sources=shape.sources, publishers=shape.publishers)


def _mailing_list(shape: ListShape, *, sender: str) -> MailingList:
    return MailingList(
        id=shape.id,
        name=shape.name or shape.id,
        sender=shape.sender or sender,
        postal_address=", ".join(line.strip() for line in shape.postal_address.splitlines() if line.strip()),
        members=tuple(dict.fromkeys(shape.members)),
        consent=dict(shape.consent),
        is_open=shape.sign_up,
        reply_to=shape.reply_to,
        unsubscribe_mailto=shape.unsubscribe_mailto,
        bounce_address=shape.bounce_address,
    )
