"""Look up what was told wrongly: at the events of one recap, and for those who were told it by an earlier mail."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.compose import card as cards
from bot.model.digest import CardCorrection, CardLink
from bot.model.event import Dossier
from bot.model.feedback import Erratum
from bot.model.recap import Recap
from bot.model.values import EventId, Language, RecapId, RouteId
from bot.workflows.pool import Desk


@dataclass(frozen=True, slots=True)
class Errata:
    """What mails told wrongly that cannot be changed any more, by whose digest it was: a route's and a segment's."""

    told: Mapping[tuple[RouteId, str], Sequence[tuple[Dossier, str]]]
    """Each event with what was wrong, oldest first."""

    def links(self, readers: tuple[RouteId, str], *, language: Language, desk: Desk) -> list[CardLink]:
        """Return what the next digest says to *readers*: the events, titled in *language*, with the corrections."""
        return [
            cards.event_link(dossier, policy=desk.card, language=language, note=note)
            for dossier, note in self.told.get(readers, ())
        ]


def of_recap(recap: RecapId, *, desk: Desk) -> dict[EventId, list[CardCorrection]]:
    """Return what was corrected in digests of *recap*, by event: each correction once, oldest first."""
    found: defaultdict[EventId, dict[str, CardCorrection]] = defaultdict(dict)
    for number, each in enumerate(_once(desk.store.load_errata(recap=recap)), 1):
        found[each.event_id][each.note] = CardCorrection(text=each.note, revision=number, at=each.at)
    return {event: list(told.values()) for event, told in found.items()}


def due(recap: Recap, *, desk: Desk, now: datetime) -> Errata:
    """
    Return what digests of *recap* made *now* must say of earlier ones: what was corrected after their readers' last.

    A digest may be made long after its recap, for one that an editor approves late; the next one begins where it ends.
    """
    since = recap.starts_at - timedelta(weeks=desk.recap.related_weeks)
    made = [
        each
        for each in desk.store.load_errata(since=since)
        if each.mails and each.recap_id != recap.id and each.at <= now
    ]
    last = desk.store.load_served(since=since, before=recap.starts_at) if made else {}
    told: defaultdict[tuple[RouteId, str], list[tuple[Dossier, str]]] = defaultdict(list)
    for each in made:
        served = last.get((each.route_id, each.segment))
        if served is not None and each.at > served.built_at:
            told[each.route_id, each.segment] += [
                (dossier, each.note) for dossier in desk.store.load_dossiers_by_id([each.event_id])
            ]
    return Errata(dict(told))


def _once(made: Sequence[Erratum]) -> list[Erratum]:
    return list({(each.event_id, each.note): each for each in reversed(made)}.values())[::-1]
