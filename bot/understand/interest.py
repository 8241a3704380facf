"""Interest: which audiences should care about an event, and why."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.model.article import Article
from bot.model.audience import Audience, AudienceMatch
from bot.model.event import Dossier
from bot.model.source import Source
from bot.model.values import AudienceId, EventId, Language, SourceSlug
from bot.model.words import LETTERS, is_cjk, words
from bot.understand import features

_MOST = 3
"""Audiences per event: what concerns everybody concerns nobody."""
_LEAST = 0.3
"""Confidence under which we abstain."""
_TITLE, _TEXT, _TOPIC, _LIKENESS = 0.5, 0.18, 0.15, 1.6
"""How much a keyword in a title, one in a text, a topic of the sources and a full likeness speak for an audience."""
_TEXT_CHARS = 3000
_SHOWN = 3
_LIKE = 0.12
"""Cosine from which the likeness to an example is a reason of its own."""


@dataclass(frozen=True, slots=True)
class _Keyword:
    text: str
    language: Language
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What speaks for one audience: keywords of titles, of texts alone, topics, and the likest example."""

    titles: tuple[str, ...]
    texts: tuple[str, ...]
    topics: tuple[str, ...]
    likeness: float
    example: str

    @property
    def confidence(self) -> float:
        """How sure, 0..1: independent hints add up, each further one less."""
        doubt = (1 - _TITLE) ** len(self.titles) * (1 - _TEXT) ** min(len(self.texts), 5)
        doubt *= (1 - _TOPIC) ** min(len(self.topics), 1) * (1 - min(0.6, _LIKENESS * self.likeness))
        return 1 - doubt

    @property
    def reason(self) -> str:
        """One line in readers' words."""
        mentioned = [*self.titles, *self.texts][:_SHOWN]
        if mentioned:
            return f"mentions {', '.join(mentioned)}"
        if self.likeness >= _LIKE:
            return f"like: {self.example}"
        return f"from sources on {', '.join(self.topics)}"


def match_all(
    dossiers: Sequence[Dossier], audiences: Sequence[Audience], *, sources: Mapping[SourceSlug, Source]
) -> dict[EventId, list[AudienceMatch]]:
    """
    Return the audiences of each event, strongest first, at most three.

    An event that speaks clearly to nobody has an empty list.
    """
    if not audiences:
        return {dossier.event.id: [] for dossier in dossiers}
    keywords = {audience.id: _keywords(audience) for audience in audiences}
    likeness = _likeness(dossiers, audiences)
    return {
        dossier.event.id: _matches(
            {
                audience.id: _evidence(dossier, audience, keywords[audience.id], likeness[row][audience.id], sources)
                for audience in audiences
            }
        )
        for row, dossier in enumerate(dossiers)
    }


def _matches(evidence: Mapping[AudienceId, _Evidence]) -> list[AudienceMatch]:
    matches = [
        AudienceMatch(id=audience, confidence=round(found.confidence, 3), reason=found.reason)
        for audience, found in evidence.items()
        if found.confidence >= _LEAST
    ]
    return sorted(matches, key=lambda match: (-match.confidence, match.id))[:_MOST]


def _evidence(
    dossier: Dossier,
    audience: Audience,
    keywords: Sequence[_Keyword],
    likest: tuple[float, str],
    sources: Mapping[SourceSlug, Source],
) -> _Evidence:
    titles = _mentioned(dossier.articles, keywords, [article.title for article in dossier.articles])
    texts = _mentioned(dossier.articles, keywords, [article.text[:_TEXT_CHARS] for article in dossier.articles])
    topics = {topic for article in dossier.articles for topic in _topics(article, sources)}
    own = {audience.id.casefold(), audience.name.casefold(), *(keyword.text.casefold() for keyword in keywords)}
    return _Evidence(
        titles=titles,
        texts=tuple(text for text in texts if text not in titles),
        topics=tuple(sorted(topic for topic in topics if topic.casefold() in own)),
        likeness=likest[0],
        example=likest[1],
    )


def _topics(article: Article, sources: Mapping[SourceSlug, Source]) -> list[str]:
    return [*article.topics, *(sources[article.source].topics if article.source in sources else [])]


def _keywords(audience: Audience) -> list[_Keyword]:
    return [
        _Keyword(text, language, _pattern(text))
        for language, texts in audience.keywords.items()
        for text in texts
        if text.strip()
    ]


def _pattern(text: str) -> re.Pattern[str]:
    written = re.escape(text.strip()).replace(r"\ ", r"[\s-]+")
    if is_cjk(text):
        return re.compile(written, re.IGNORECASE)
    # Bounded by Latin letters and digits only: Chinese sets names without spaces. A plural is the same word.
    return re.compile(rf"(?<![{LETTERS}]){written}(?:e?s)?(?![{LETTERS}])", re.IGNORECASE)


def _mentioned(articles: Sequence[Article], keywords: Sequence[_Keyword], texts: Sequence[str]) -> tuple[str, ...]:
    languages = {keyword.language for keyword in keywords}
    return tuple(
        dict.fromkeys(
            keyword.text
            for keyword in keywords
            for article, text in zip(articles, texts, strict=True)
            if _speaks(keyword, article.language, languages) and keyword.pattern.search(text)
        )
    )


def _speaks(keyword: _Keyword, language: Language, languages: set[Language]) -> bool:
    """Return whether a keyword counts in a text: of its language, of one without keywords, or a term in Chinese."""
    return keyword.language == language or language not in languages or (is_term(keyword) and language in _CJK)


_CJK = frozenset({"zh", "ja", "ko"})


def is_term(keyword: _Keyword) -> bool:
    """Return whether a keyword is written in Latin letters, as terms are in any language."""
    return not is_cjk(keyword.text)


def _likeness(dossiers: Sequence[Dossier], audiences: Sequence[Audience]) -> list[dict[AudienceId, tuple[float, str]]]:
    """Return for each event and audience the cosine of the likest of its description and examples, with that text."""
    models = [(audience.id, text) for audience in audiences for text in (audience.description, *audience.examples)]
    documents = [[term for article in dossier.articles for term in features.terms(article)] for dossier in dossiers]
    weighed = features.weigh([*documents, *(features.grams(words(text)) for _, text in models)]).matrix
    cosines = np.asarray((weighed[: len(dossiers)] @ weighed[len(dossiers) :].T).todense())
    found: list[dict[AudienceId, tuple[float, str]]] = []
    for row in cosines:
        best: dict[AudienceId, tuple[float, str]] = {}
        for (audience, text), cosine in zip(models, row, strict=True):
            if audience not in best or float(cosine) > best[audience][0]:
                best[audience] = (float(cosine), text)
        found.append(best)
    return found
