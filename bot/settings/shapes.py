"""What may stand in each file: its keys, and the type and limits of each value."""

from dataclasses import fields
from typing import Annotated, Any, Literal, TypeVar, get_type_hints

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    create_model,
    field_validator,
    model_validator,
)

from bot.model.policy import ClusterPolicy, CollectPolicy, DeliverPolicy, LlmPolicy, RankPolicy
from bot.settings.scalars import (
    WORKSPACE_ADMINS,
    Admin,
    AdviceText,
    BounceAddress,
    Channel,
    ClockTime,
    Contact,
    Day,
    EmbedderName,
    LanguageCode,
    Mailbox,
    ModelName,
    NotNegative,
    Origin,
    Positive,
    Reviewer,
    Share,
    Slug,
    StatusCode,
    Text,
    Weight,
    Zone,
    web_url,
)

AnyShape = TypeVar("AnyShape", bound="Shape")

_SHARES = {"same_event", "max_likeness", "audience_weight", "boost_weight", "diversity"}
_MAY_BE_ZERO = {
    "back_off_s",
    "join_days",
    "max_retries",
    "max_gap_hours",
    "max_redirects",
    "min_interval_s",
    "retry_base_s",
    "slack_interval_s",
    "smtp_rate",
    "teaser_words",
}


class Shape(BaseModel):
    """A mapping of config: known keys only, no guessing of types."""

    model_config = ConfigDict(strict=True, extra="forbid")


class SourceShape(Shape):
    """One source of sources.yaml."""

    slug: Slug
    kind: Literal["feed", "directory", "hackernews"] = "feed"
    name: Text = ""
    url: Text
    publisher: Text = ""
    owner: Text = ""
    language: LanguageCode = ""
    weight: Weight = 1.0
    topics: list[Text] = []
    full_text: Literal["auto", "always", "never"] = "auto"

    @field_validator("url")
    @classmethod
    def _is_address(cls, value: str, info: ValidationInfo) -> str:
        """Hold a directory's path to nothing, and every other kind's URL to the web."""
        return value if info.data.get("kind", "directory") == "directory" else web_url(value)


class SourcesFile(Shape):
    """sources.yaml."""

    sources: list[SourceShape]


class AudienceShape(Shape):
    """One audience of audiences.yaml."""

    id: Slug
    name: Text = ""
    names: dict[LanguageCode, Text] = {}
    description: str = ""
    keywords: dict[LanguageCode, list[Text]] = {}
    hints: dict[LanguageCode, list[Text]] = {}
    exceptions: dict[LanguageCode, list[Text]] = {}
    kinds: list[Slug] = []
    examples: list[Text] = []


class AudiencesFile(Shape):
    """audiences.yaml."""

    audiences: list[AudienceShape]


def _listed(value: object) -> object:
    return [value] if value in ("*", WORKSPACE_ADMINS) else value


class DestinationShape(Shape):
    """One destination of a route: a Slack channel or an email list."""

    slack: Channel = ""
    email: Slug = ""

    @model_validator(mode="after")
    def _is_one(self) -> "DestinationShape":
        if len(self.model_fields_set) != 1:
            raise ValueError('a destination is either {slack: "#channel"} or {email: list-id}')
        return self


class NewsRuleShape(Shape):
    """News of a route's mute or boost rules."""

    words: list[Text] = []
    sources: list[Slug] = []
    publishers: list[Text] = []


class RouteShape(Shape):
    """One route of routes.yaml."""

    id: Slug
    name: Text = ""
    audiences: Annotated[list[Text], BeforeValidator(_listed)] = ["*"]
    topics: list[Text] = []
    languages: list[LanguageCode] = []
    language: LanguageCode = ""
    destinations: list[DestinationShape] = []
    day: Day = "mon"
    time: ClockTime = "09:00"
    timezone: Zone = ""
    max_events: int = Field(10, ge=1)
    min_events: int = Field(3, ge=0)
    min_score: Share = 0.0
    max_per_publisher: int | None = Field(None, ge=1)
    mute: NewsRuleShape = NewsRuleShape()
    boost: NewsRuleShape = NewsRuleShape()
    sections: Literal["none", "audience", "topic"] = "none"
    thin_week: Literal["hold", "short", "skip"] = "hold"
    review: Literal["none", "required"] = "none"
    on_timeout: Literal["hold", "send", "skip"] = "hold"

    @model_validator(mode="after")
    def _is_feasible(self) -> "RouteShape":
        if self.min_events > self.max_events:
            raise ValueError(f"min_events ({self.min_events}) is above max_events ({self.max_events}); lower it")
        return self


class RoutesFile(Shape):
    """routes.yaml."""

    routes: list[RouteShape]


class BuildAtShape(Shape):
    """When the recap is built."""

    day: Day = "mon"
    time: ClockTime = "06:00"


class FreshnessShape(Shape):
    """Ages up to which an event is fresh or recent."""

    fresh_hours: Positive = 24.0
    recent_hours: Positive = 72.0

    @model_validator(mode="after")
    def _is_ordered(self) -> "FreshnessShape":
        if self.fresh_hours > self.recent_hours:
            raise ValueError("fresh_hours is above recent_hours; raise recent_hours")
        return self


class ReviewShape(Shape):
    """Where drafts come to, and when editors are reminded of them."""

    channel: Channel = ""
    editors: Literal["channel", "admins"] = "channel"
    reviewers: list[Reviewer] = []
    nudge_hours: Positive = 3.0


class ListShape(Shape):
    """One email list."""

    id: Slug
    name: Text = ""
    sender: Mailbox = Field("", alias="from")
    postal_address: str = ""
    members: list[Mailbox] = []
    consent: dict[LanguageCode, Text] = {}
    sign_up: bool = True
    reply_to: Mailbox = ""
    unsubscribe_mailto: Mailbox = ""
    bounce_address: BounceAddress = ""


class SlackShape(Shape):
    """Who may do what in Slack."""

    admins: Annotated[list[Admin], BeforeValidator(_listed)] = [WORKSPACE_ADMINS]


class BouncesShape(Shape):
    """What mails that came back come to."""

    soft_limit: int = Field(4, ge=1, le=100)
    soft_weeks: int = Field(3, ge=1, le=52)
    kinds: dict[StatusCode, Literal["hard", "soft", "policy"]] = {}


class RankingShape(Shape):
    """ranking.yaml; a signal left out of the weights counts for nothing."""

    weights: dict[str, NotNegative] = RankPolicy().weights


def _policy_shape(policy: type[Any], base: type[AnyShape]) -> type[AnyShape]:  # Any: dataclasses.fields' own
    """Return *base* with the numbers of a policy, by their names there."""
    hints = get_type_hints(policy)
    numbers: dict[str, Any] = {  # Any: pydantic's own signature
        field.name: (_limits(field.name, hints[field.name]), field.default)
        for field in fields(policy)
        if hints[field.name] in (int, float)
    }
    return create_model(policy.__name__, __base__=base, **numbers)


def _limits(name: str, kind: type) -> Any:  # Any: a type form
    if name in _SHARES:
        return Share
    if kind is int:
        return Annotated[int, Field(ge=0 if name in _MAY_BE_ZERO else 1)]
    return NotNegative if name in _MAY_BE_ZERO else Positive


class PriceShape(Shape):
    """What a million tokens cost."""

    input: NotNegative = 0.0
    output: NotNegative = 0.0


class LlmNumbers(Shape):
    """What a language model costs and may cost."""

    prices: dict[ModelName, PriceShape] = {}
    weekly_budget: NotNegative | None = None


CollectShape = _policy_shape(CollectPolicy, Shape)
DeliverShape = _policy_shape(DeliverPolicy, Shape)
ClusterShape = _policy_shape(ClusterPolicy, Shape)
LlmShape = _policy_shape(LlmPolicy, LlmNumbers)
RankingFile = _policy_shape(RankPolicy, RankingShape)


class RecapFile(Shape):
    """recap.yaml."""

    title: Text = "Weekly Recap"
    timezone: Zone = "UTC"
    week_starts: Day = "mon"
    build_at: BuildAtShape = BuildAtShape()
    languages: list[LanguageCode] = Field(["en", "zh"], min_length=1)
    freshness: FreshnessShape = FreshnessShape()
    contact: Contact = ""
    lists: list[ListShape] = []
    embed_on: list[Origin] = []
    shortlist_factor: float = Field(2.0, ge=1, allow_inf_nan=False)
    related_weeks: int = Field(8, ge=0)
    review: ReviewShape = ReviewShape()
    bounces: BouncesShape = BouncesShape()
    slack: SlackShape = SlackShape()
    collect: CollectShape = CollectShape()  # type: ignore[valid-type]  # made from the policy's fields
    deliver: DeliverShape = DeliverShape()  # type: ignore[valid-type]
    cluster: ClusterShape = ClusterShape()  # type: ignore[valid-type]
    queue: Literal["in-process", "procrastinate"] = "in-process"
    analyst: ModelName = ""
    llm: LlmShape = LlmShape()  # type: ignore[valid-type]
    embedder: EmbedderName = "auto"


class KindShape(Shape):
    """One kind of event of playbook.yaml."""

    id: Slug
    name: Text = ""
    keywords: dict[LanguageCode, list[Text]] = {}
    resolved_by: dict[LanguageCode, list[Text]] = {}


class AdviceShape(Shape):
    """One piece of advice of playbook.yaml."""

    kind: Text = "*"
    audience: Text = "*"
    text: dict[LanguageCode, AdviceText] = Field(min_length=1)


class PlaybookFile(Shape):
    """playbook.yaml."""

    kinds: list[KindShape] = []
    advice: list[AdviceShape] = []
