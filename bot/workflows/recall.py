"""Recall what earlier recaps told: each event's standing, and what is new about it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.analyze import development, endings
from bot.model.article import Article
from bot.model.event import Dossier, EventState
from bot.model.insight import Claim
from bot.model.policy import Playbook
from bot.model.recap import Standing
from bot.model.values import EventId, Language, ThreadId
from bot.rank import memory
from bot.rank.memory import Past

_REASON_CHARS = 140


@dataclass(frozen=True, slots=True)
class Memory:
    """What earlier recaps told, beside the events that it is about."""

    past: Past
    threads: Mapping[ThreadId, Sequence[Dossier]]
    playbook: Playbook

    def standing(self, dossier: Dossier) -> Standing:
        """Return where the affair of an event stands."""
        news = self._news(dossier, dossier.event.language) if self.past.last(dossier) else None
        said = f"{_publisher(news, dossier)} says “{_short(news.text)}”" if news else None
        return memory.standing(dossier, past=self.past, news=said, ending=self._ending(dossier))

    def whats_new(self, dossier: Dossier, standing: Standing, *, language: Language) -> Claim | None:
        """Return the sentence that says what is new about an event, best in *language*; null for a new one."""
        is_told = standing.since is None or standing.is_repeat or standing.state == EventState.NEW
        return None if is_told else self._news(dossier, language)

    def _news(self, dossier: Dossier, language: Language) -> Claim | None:
        own = self.past.by_event.get(dossier.event.id)
        return development.find(
            memory.since(dossier, own), self._known(dossier), language=language, otherwise=dossier.event.language
        )

    def _known(self, dossier: Dossier) -> list[Article]:
        mates = self.threads.get(dossier.event.thread_id, (dossier,))
        return [article for mate in mates for article in memory.told(mate, self.past.by_event.get(mate.event.id))]

    def _ending(self, dossier: Dossier) -> str | None:
        mates = [dossier, *self.threads.get(dossier.event.thread_id, ())]
        return endings.told(
            memory.since(dossier, self.past.by_event.get(dossier.event.id)),
            {mate.event.kind for mate in mates},
            playbook=self.playbook,
            began_at=min(mate.event.first_published_at for mate in mates),
        )


def of(past: Past, dossiers: Sequence[Dossier], *, playbook: Playbook) -> Memory:
    """Return the memory of *past* recaps for *dossiers*: the week's events and those of the weeks before."""
    threads: dict[ThreadId, list[Dossier]] = defaultdict(list)
    for dossier in dossiers:
        threads[dossier.event.thread_id].append(dossier)
    return Memory(past, threads, playbook)


def standings(known: Memory, dossiers: Mapping[EventId, Dossier]) -> dict[EventId, Standing]:
    """Return the standing of each event."""
    return {event: known.standing(dossier) for event, dossier in dossiers.items()}


def _publisher(claim: Claim, dossier: Dossier) -> str:
    cited = {citation.article_id for citation in claim.citations}
    return next((article.publisher for article in dossier.articles if article.id in cited), "an article")


def _short(text: str) -> str:
    return text if len(text) <= _REASON_CHARS else text[: _REASON_CHARS - 1].rstrip() + "…"
