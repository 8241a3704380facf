"""Insights: what an event means, claim by claim, each with its quotes."""

from enum import StrEnum

from pydantic import AwareDatetime
from sqlmodel import Field

from bot.model.values import ArticleId, AudienceId, EventId, Language, Model, digest_of


class ClaimPart(StrEnum):
    """The part of the card that a claim stands in."""

    HOOK = "hook"
    WHAT_CHANGED = "what_changed"
    WHY_IT_MATTERS = "why_it_matters"
    TAKEAWAY = "takeaway"
    IMPLICATION = "implication"
    TIMELINE = "timeline"
    WHATS_NEW = "whats_new"
    """What is new since the last recap that showed the event; on the digest's card only."""


class Citation(Model):
    """A verbatim quote of a stored article."""

    article_id: ArticleId
    content_hash: str
    """Of the text that the span refers to."""
    quote: str
    start: int
    end: int
    """Characters (code points) of the stored text: `text[start:end] == quote`; in the title where *in_title*."""
    in_title: bool = False


class Claim(Model):
    """One sentence of an insight, with the source quotes that support it."""

    part: ClaimPart
    text: str
    language: Language
    citations: list[Citation] = Field(default_factory=list)
    """Empty only where *is_computed*."""
    is_computed: bool = False
    """Counted by us from the event's own facts ("Reported by 6 publishers in 2 languages")."""
    is_extracted: bool = False
    """In an insight that a language model wrote: taken from the sources, since nothing that it wrote there stands."""
    rationale: str | None = None
    """Implications: who says it, or why."""
    date: str | None = None
    """Timeline: `2023`, `2023-05` or `2023-05-17`, in the precision of the source."""
    background_on: str | None = None
    """Date (`2023-05-17`) of the earlier article where the evidence is from outside the event."""


class Quote(Model):
    """Words that an analyst says stand in an article."""

    article_id: ArticleId
    text: str


class DraftClaim(Model):
    """A sentence as an analyst drafts it: not shown before it is grounded, which makes a `Claim` of it."""

    part: ClaimPart
    text: str
    language: Language
    quotes: list[Quote] = Field(default_factory=list)
    rationale: str | None = None
    date: str | None = None
    """As in `Claim`."""


class DroppedClaim(Model):
    """A sentence that is not shown, and why."""

    part: ClaimPart
    text: str
    reason: str


class Advice(Model):
    """What to do next, for one audience."""

    audience: AudienceId
    """An audience's id, or `*` for everybody."""
    text: str
    is_playbook: bool = True
    """From the operator's playbook, and labelled so; else from the model."""


class Insight(Model):
    """The analysis of an event."""

    key: str
    """Identity: see `insight_key`."""
    event_id: EventId
    content_hash: str
    """Of the articles that it was made from (`Dossier.content_hash`)."""
    language: Language
    analyst: str
    """`extractive`, or provider and model such as `openai:gpt-5`."""
    prompt_version: str = ""
    title: str | None = None
    """The event's title in *language*, translated by the model; null where nobody translated it."""
    claims: list[Claim] = Field(default_factory=list)
    """In the order of the card."""
    advice: list[Advice] = Field(default_factory=list)
    dropped_claims: int = 0
    """How many sentences do not stand on their quotes, and are not shown."""
    dropped: list[DroppedClaim] = Field(default_factory=list)
    """These, with the reasons; fewer than *dropped_claims* for insights made before reasons were kept."""
    made_at: AwareDatetime

    def of_part(self, part: ClaimPart) -> list[Claim]:
        """Return the claims of *part* in order."""
        return [claim for claim in self.claims if claim.part == part]


def insight_key(event: EventId, content_hash: str, *, language: Language, analyst: str, prompt_version: str) -> str:
    """Return the identity of an insight; another article, language, analyst or prompt makes another insight."""
    return digest_of("insight", event, content_hash, language, analyst, prompt_version)
