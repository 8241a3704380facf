"""Interest: which audiences should care about an event, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags

from bot.model.article import Article
from bot.model.audience import Audience, AudienceMatch
from bot.model.event import Dossier
from bot.model.source import Source
from bot.model.values import AudienceId, EventId, SourceSlug
from bot.model.words import is_cjk
from bot.understand import features, taught
from bot.understand.listening import Heard, Listeners, Mentions

_MOST = 3
"""Audiences per event: what concerns everybody concerns nobody."""
_LEAST = 0.46
"""Confidence under which we abstain: a keyword in a title is enough, or two in a text. Chosen so that 0.6 of the items
of `recap eval --routing` before 2025-11 get a match."""
_EVERYWHERE = 0.5
"""Part of the fourth strongest audience's evidence that counts for none."""
_SHARE = 0.33
"""Part of the strongest audience's evidence that another needs: a word in passing concerns nobody beside a headline."""
SURE = 0.4
"""The same where we were taught: such confidence is a probability."""
_TITLE, _TEXT, _TITLE_HINT, _TEXT_HINT = 0.7, 0.3, 0.3, 0.15
"""How much a keyword in a title, one in a text, and hints there speak for an audience."""
_TOPIC, _KIND, _LIKENESS = 0.15, 0.7, 3.0
"""The same for a topic of the sources, for the event's kind and for a full likeness."""
_SHOWN = 3
_HINTS = 2
"""Hints that decide without a keyword."""
_LIKE = 0.12
"""Cosine from which the likeness to an example is a reason of its own."""


@dataclass(frozen=True, slots=True)
class _Likeness:
    """Cosines to all that config says of an audience, and to the likest of its description and examples."""

    profile: float
    cosine: float
    example: str


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What speaks for one audience."""

    heard: Heard
    topics: tuple[str, ...]
    kind: str
    """The event's kind where it concerns the audience."""
    likeness: tuple[_Likeness, ...]
    """Of each article."""
    is_chinese: bool
    """Whether the event's title is: readers of it are told its own words first."""

    @property
    def weight(self) -> float:
        """
        Return how much speaks for it: independent hints add up.

        Articles count by the mean of their stronger half: one more that says the same changes nothing, and one
        that tells another side takes little away.
        """
        told = zip(self.heard.each, self.likeness, strict=True)
        weights = sorted((_weight(mentions, likeness) for mentions, likeness in told), reverse=True)
        central = weights[: (len(weights) + 1) // 2]
        return sum(central) / max(len(central), 1) + _TOPIC * bool(self.topics) + _KIND * bool(self.kind)

    def is_foreign(self, word: str) -> bool:
        """Return whether *word* is of another script than the event's title."""
        return is_cjk(word) != self.is_chinese

    @property
    def reason(self) -> str:
        """One line in readers' words; empty where nothing can be named."""
        said = self.heard.together
        keywords = sorted([*said.titles, *said.texts], key=self.is_foreign)
        hints = sorted([*said.title_hints, *said.text_hints], key=self.is_foreign)
        if keywords or len(hints) >= _HINTS:
            return f"mentions {', '.join((keywords or hints)[:_SHOWN])}"
        if self.kind:
            return f"is of the kind {self.kind}"
        likest = max(self.likeness, key=lambda each: each.cosine, default=_Likeness(0.0, 0.0, ""))
        if likest.cosine >= _LIKE:
            return f"like: {likest.example}"
        return f"from sources on {', '.join(self.topics)}" if self.topics else ""


def _weight(said: Mentions, likeness: _Likeness) -> float:
    """Return how much one article speaks for an audience."""
    keywords = _TITLE * len(said.titles) + _TEXT * len(said.texts)
    hints = _TITLE_HINT * len(said.title_hints) + _TEXT_HINT * len(said.text_hints)
    return keywords + hints + _LIKENESS * likeness.profile


def match_all(
    dossiers: Sequence[Dossier],
    audiences: Sequence[Audience],
    *,
    sources: Mapping[SourceSlug, Source],
    kinds: Mapping[EventId, str] | None = None,
) -> dict[EventId, list[AudienceMatch]]:
    """
    Return the audiences of each event, strongest first, at most three.

    *kinds* are the kinds of the events where they are known. An event that speaks clearly to nobody has an empty list.
    """
    if not audiences:
        return {dossier.event.id: [] for dossier in dossiers}
    listeners = Listeners(audiences)
    found: dict[EventId, list[AudienceMatch]] = {}
    likenesses = iter(_likeness([article for dossier in dossiers for article in dossier.articles], audiences))
    for dossier in dossiers:
        likest = [next(likenesses) for _ in dossier.articles]
        heard = listeners.heard(dossier.articles)
        topics = sorted({topic for article in dossier.articles for topic in _topics(article, sources)})
        kind = (kinds or {}).get(dossier.event.id, "")
        evidence = {
            audience.id: _Evidence(
                heard[audience.id],
                _shared(topics, audience),
                kind if kind in audience.kinds else "",
                tuple(each[at] for each in likest),
                is_cjk(dossier.event.title),
            )
            for at, audience in enumerate(audiences)
        }
        found[dossier.event.id] = _strongest(_by_words(evidence) | taught.matches(dossier.articles, audiences, SURE))
    return found


def _strongest(matches: Mapping[AudienceId, AudienceMatch | None]) -> list[AudienceMatch]:
    told = [match for match in matches.values() if match is not None]
    return sorted(told, key=lambda match: (-match.confidence, match.id))[:_MOST]


def _by_words(evidence: Mapping[AudienceId, _Evidence]) -> dict[AudienceId, AudienceMatch | None]:
    """
    Return the matches by evidence alone.

    An event may concern several audiences, each as surely as if it were alone; what speaks for a fourth as well
    speaks half as much for each: it hardly tells them apart.
    """
    weights = {audience: found.weight for audience, found in evidence.items()}
    strongest = sorted(weights.values(), reverse=True)
    everywhere = _EVERYWHERE * strongest[_MOST] if len(strongest) > _MOST else 0.0
    least = _SHARE * max(strongest, default=0.0)
    matches: dict[AudienceId, AudienceMatch | None] = {}
    for audience, found in evidence.items():
        confidence = 1 - exp(min(0.0, everywhere - weights[audience]))
        if confidence >= _LEAST and weights[audience] >= least and found.reason:
            matches[audience] = AudienceMatch(id=audience, confidence=round(confidence, 3), reason=found.reason)
    return matches


def _topics(article: Article, sources: Mapping[SourceSlug, Source]) -> list[str]:
    return [*article.topics, *(sources[article.source].topics if article.source in sources else [])]


def _shared(topics: Sequence[str], audience: Audience) -> tuple[str, ...]:
    words = (text.casefold() for texts in audience.keywords.values() for text in texts)
    names = {audience.id.casefold(), audience.name.casefold(), *words} if topics else set()
    return tuple(topic for topic in topics if topic.casefold() in names)


def _likeness(articles: Sequence[Article], audiences: Sequence[Audience]) -> list[list[_Likeness]]:
    """
    Return for each article and audience how like they are.

    A word's weight depends on the audiences' words alone: an article is matched the same whatever comes with it.
    """
    models = [(at, text) for at, each in enumerate(audiences) for text in (each.description, *each.examples) if text]
    told: list[Sequence[Article | str]] = [[article] for article in articles]
    profiles: list[Sequence[Article | str]] = [_profile(audience) for audience in audiences]
    counted = features.count_words([*told, *profiles, *([text] for _, text in models)]).matrix
    first, ends = len(told), len(told) + len(profiles)
    weighed = _weighed(counted, _rarity(counted[first:ends]))
    alike = np.asarray((weighed[:first] @ weighed[first:ends].T).todense())
    cosines = np.asarray((weighed[:first] @ weighed[ends:].T).todense())
    return [
        [
            _Likeness(profile, *likest)
            for profile, likest in zip(row, _likest(each, models, len(audiences)), strict=True)
        ]
        for row, each in zip(alike.tolist(), cosines.tolist(), strict=True)
    ]


def _profile(audience: Audience) -> list[str]:
    """Return all that config says of an audience; its keywords thrice, its own sentences twice."""
    keywords = [text for texts in audience.keywords.values() for text in texts]
    hints = [text for texts in audience.hints.values() for text in texts]
    return [*(3 * keywords), *hints, *(2 * [audience.description, *audience.examples])]


def _rarity(profiles: csr_matrix) -> NDArray[np.float64]:
    """Return how few of *profiles* hold each term."""
    total, held = profiles.shape[0], np.bincount(profiles.indices, minlength=profiles.shape[1])
    return np.asarray(np.log(1 + (total - held + 0.5) / (held + 0.5)))


def _weighed(counts: csr_matrix, rarity: NDArray[np.float64]) -> csr_matrix:
    weights = (1 + np.log(np.maximum(counts.data, 1))) * rarity[counts.indices]
    weighed = csr_matrix((weights, counts.indices, counts.indptr), counts.shape)
    lengths = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel())
    return diags(1 / np.where(lengths > 0, lengths, 1)) @ weighed


def _likest(cosines: Sequence[float], models: Sequence[tuple[int, str]], count: int) -> list[tuple[float, str]]:
    best = [(0.0, "")] * count
    for (at, text), cosine in zip(models, cosines, strict=True):
        if cosine > best[at][0]:
            best[at] = (cosine, text)
    return best
