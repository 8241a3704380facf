"""What the use cases hand in and out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

from bot.model.audience import Audience
from bot.model.policy import ClusterPolicy, Playbook
from bot.model.source import Source
from bot.ports import Embedder, Store
from bot.workflows.build_recap import Edition
from bot.workflows.collect_sources import CollectReport
from bot.workflows.send_report import SendReport
from bot.workflows.understand_articles import UnderstandReport


@dataclass(frozen=True, slots=True)
class RunReport:
    """What one weekly run did."""

    collected: CollectReport
    understood: UnderstandReport
    edition: Edition
    sent: SendReport | None
    """Null for a dry run."""


class Joining(TypedDict):
    """What joining articles to events takes."""

    store: Store
    embedder: Embedder
    audiences: Sequence[Audience]
    sources: Sequence[Source]
    playbook: Playbook
    policy: ClusterPolicy
