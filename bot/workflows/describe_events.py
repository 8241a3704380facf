"""Describe events: their kind, hook and audiences, from the articles that they have now."""

from collections.abc import Sequence

from bot.analyze import extract, kinds
from bot.model.audience import Audience, AudienceMatch
from bot.model.event import Dossier, Event
from bot.model.policy import Playbook
from bot.model.source import Source
from bot.model.values import EventId
from bot.ports import Store
from bot.understand import interest


def describe(
    ids: Sequence[EventId],
    *,
    store: Store,
    audiences: Sequence[Audience],
    sources: Sequence[Source],
    playbook: Playbook,
) -> None:
    """Store the kind, hook and audiences of the events of *ids*."""
    dossiers = store.load_dossiers_by_id(ids)
    matches = interest.match_all(dossiers, audiences, sources={source.slug: source for source in sources})
    told = kinds.of_each(dossiers, playbook)
    store.save_events(
        [_described(dossier, matches=matches[dossier.event.id], kind=told[dossier.event.id]) for dossier in dossiers]
    )


def _described(dossier: Dossier, *, matches: list[AudienceMatch], kind: tuple[str, str]) -> Event:
    facts = {"kind": kind[0], "kind_reason": kind[1], "hook": extract.hook(dossier), "audiences": matches}
    return dossier.event.model_copy(update=facts)
