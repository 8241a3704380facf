"""Policies: every number and choice that config sets, as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.model.subscriber import BounceKind
from bot.model.values import AudienceId, Language


@dataclass(frozen=True, slots=True)
class CollectPolicy:
    """Manners and limits of reading other people's feeds."""

    user_agent: str = "Recap/0.1 (+https://recap.invalid/contact)"
    min_interval_s: float = 3600.0
    """Not more often with conditional requests. Source: CONVENTIONS F3."""
    max_interval_s: float = 86400.0
    connect_timeout_s: float = 10.0
    total_timeout_s: float = 30.0
    max_body_bytes: int = 10_000_000
    """After decompression."""
    max_entries: int = 500
    max_redirects: int = 5
    per_host_connections: int = 2
    connections: int = 64
    parse_timeout_s: float = 20.0
    back_off_s: float = 3600.0
    """First pause after a failure; doubles each time."""
    back_off_max_s: float = 604800.0
    teaser_words: int = 120
    """Under this, a feed's text is a teaser."""
    allow_hosts: frozenset[str] = frozenset()
    """`host` or `host:port` that the guard lets through although private."""


@dataclass(frozen=True, slots=True)
class ClusterPolicy:
    """When two articles tell the same event."""

    same_event: float = 0.36
    """Average similarity at which groups of one language are joined; 0..1."""
    join_days: int = 7
    max_gap_hours: float = 96.0
    thread_days: int = 28
    """Pause after which news is no longer the same affair."""
    embedder: str = "lexical"


@dataclass(frozen=True, slots=True)
class Price:
    """What a million tokens cost, in the operator's currency."""

    input: float = 0.0
    output: float = 0.0


@dataclass(frozen=True, slots=True)
class LlmPolicy:
    """How a language model is asked, and what it may cost."""

    prices: Mapping[str, Price] = field(default_factory=dict)
    """By provider and model, such as `openai:gpt-5`."""
    weekly_budget: float | None = None
    """In the currency of *prices*, per week of the edition's zone; null for no limit."""
    concurrency: int = 2
    requests_per_minute: int = 60
    timeout_s: float = 60.0
    """For one event, the model's second and third tries included."""
    deadline_s: float = 900.0
    """For a whole shortlist: what is not written by then is extracted, so that no recap is late."""
    max_retries: int = 2
    """How often the model is told what was wrong with its answer."""
    max_input_chars: int = 24_000
    """Of an event's articles, in a prompt."""
    max_output_tokens: int = 4_000


@dataclass(frozen=True, slots=True)
class FreshnessPolicy:
    """Ages up to which an event is fresh or recent; older is stale."""

    fresh_hours: float = 24.0
    recent_hours: float = 72.0


@dataclass(frozen=True, slots=True)
class RankPolicy:
    """What makes an event matter."""

    weights: dict[str, float] = field(
        default_factory=lambda: {
            "coverage": 0.35,
            "source": 0.2,
            "topic": 0.2,
            "recency": 0.005,
            "engagement": 0.1,
            "novelty": 0.1,
            "momentum": 0.1,
            "feedback": 0.1,
            "pin": 1.0,
            "offer": 1.0,
        }
    )
    """Signal → weight; they need not add up to 1."""
    recency_half_life_hours: float = 72.0
    coverage_full: int = 6
    """Independent publishers at which coverage is 1."""
    momentum_full: float = 1.0
    """Publishers an hour, within the first six hours, at which momentum is 1."""
    audience_weight: float = 0.3
    """Weight of audience fit, added per digest."""
    boost_weight: float = 1.0
    """Weight of a route's boost, added per digest."""
    max_per_publisher: int = 3
    """In one digest, of the events that one publisher (or one owner's publishers) tells alone."""
    max_likeness: float = 0.6
    """No two events of one digest are liker than this (0..1)."""
    diversity: float = 0.15
    """What full likeness to another event of the digest costs an event's score (0..1)."""


@dataclass(frozen=True, slots=True)
class EventKind:
    """A kind of event, told by words."""

    id: str
    name: str
    keywords: dict[Language, tuple[str, ...]] = field(default_factory=dict)
    resolved_by: dict[Language, tuple[str, ...]] = field(default_factory=dict)
    """By language: words of a title or a first sentence that tell the end of an affair of this kind."""


@dataclass(frozen=True, slots=True)
class PlaybookEntry:
    """Advice for one kind of event and one audience."""

    kind: str
    """Event kind, or `*`."""
    audience: AudienceId
    """Audience, or `*`."""
    text: dict[Language, str] = field(default_factory=dict)
    """With the slots {publisher} and {title}."""


@dataclass(frozen=True, slots=True)
class Playbook:
    """Kinds of events, most telling first, and what to do about them."""

    kinds: tuple[EventKind, ...] = ()
    entries: tuple[PlaybookEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class MailingList:
    """An email list."""

    id: str
    name: str
    sender: str
    """From: an address, with or without a display name."""
    postal_address: str
    members: tuple[str, ...] = ()
    """Addresses that always get it (a team's own distribution address, say)."""
    consent: Mapping[Language, str] = field(default_factory=dict)
    """What people agree to, by language; the template's words where there is none."""
    is_open: bool = True
    """Whether people may sign up by themselves."""
    reply_to: str = ""
    """Where answers go; empty: to the sender."""
    unsubscribe_mailto: str = ""
    """An address whose owner takes readers off the list who write there; empty: none."""
    bounce_address: str = ""
    """Where mails come back to, as `bounces+TOKEN@…`; empty: to the sender, with no token."""


@dataclass(frozen=True, slots=True)
class RecapPolicy:
    """The edition: its title, week and words."""

    title: str = "Weekly Recap"
    zone: str = "UTC"
    week_starts: int = 0
    build_day: int = 0
    build_time: str = "06:00"
    languages: tuple[Language, ...] = ("en", "zh")
    """Of the interface; the first is the default."""
    freshness: FreshnessPolicy = field(default_factory=FreshnessPolicy)
    lists: tuple[MailingList, ...] = ()
    shortlist_factor: float = 2.0
    """Events analysed per route, as a multiple of its maximum."""
    related_weeks: int = 8
    nudge_hours: float = 3.0
    """Before a draft's deadline, when its editor is reminded; at least so long has an editor after a late build."""
    review_channel: str = ""
    """Slack channel that drafts come to; empty: none."""
    only_admins_review: bool = False
    """In that channel; else everybody there may."""
    reviewers: tuple[str, ...] = ()
    """Slack users (`U…`) and groups (`S…`) that a reminder of a draft names."""
    embed_on: tuple[str, ...] = ()
    """Origins of the sites that may show the sign-up form, such as `https://blog.example`."""


@dataclass(frozen=True, slots=True)
class DeliverPolicy:
    """Leases, tries and limits of sending."""

    lease_s: float = 300.0
    max_attempts: int = 5
    retry_base_s: float = 30.0
    retry_max_s: float = 3600.0
    slack_interval_s: float = 1.0
    """Between two messages to one channel. Source: CONVENTIONS S30."""
    smtp_connections: int = 4
    """Mails under way at a time; after a kill so many may be unknown."""
    smtp_rate: float = 0.0
    """Mails a second at most, over all connections and workers; 0: as many as the relay takes."""
    chunk_size: int = 500
    """Mails of one job, where workers send."""
    sweep_s: float = 60.0
    """How often jobs of workers that died, and what is due and was not queued, are looked for, where workers send."""
    max_refusals: int = 5
    """In a row, of our mail and not of its readers: then the relay is left alone."""
    refusal_pause_s: float = 300.0
    late_after_hours: float = 168.0
    """After a digest's slot; then only an operator sends it. A week: until the next recap."""


@dataclass(frozen=True, slots=True)
class BouncePolicy:
    """What mails that came back come to."""

    soft_limit: int = 4
    """Soft bounces within *soft_weeks* after which an address is given up."""
    soft_weeks: int = 3
    kinds: Mapping[str, BounceKind] = field(default_factory=dict)
    """How an operator reads enhanced status codes, whole (`5.2.1`) or by class and subject (`5.2`)."""


@dataclass(frozen=True, slots=True)
class SlackPolicy:
    """Who may change what the workspace shares, such as a channel's own route."""

    workspace_admins: bool = True
    """The workspace's administrators and owners."""
    admins: frozenset[str] = frozenset()
    """Slack user ids besides."""

    def may_change(self, person: str, *, is_admin: bool) -> bool:
        """Return whether *person* (a user id) may; *is_admin*: Slack calls them an administrator or owner."""
        return person in self.admins or (self.workspace_admins and is_admin)


@dataclass(frozen=True, slots=True)
class CardPolicy:
    """What cards and digests need to know of the outside."""

    base_url: str = "http://127.0.0.1:8000"
    title: str = "Weekly Recap"
    freshness: FreshnessPolicy = field(default_factory=FreshnessPolicy)
    audience_names: dict[AudienceId, str] = field(default_factory=dict)
    audience_names_in: dict[Language, dict[AudienceId, str]] = field(default_factory=dict)
    """By language, the names that differ from *audience_names*."""
    takes_clicks: bool = False
    """A Slack app is set up that receives what readers click and write."""
