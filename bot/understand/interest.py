"""Interest: which audiences should care about an event, and why."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from bot.model.article import Article
from bot.model.audience import Audience, AudienceMatch
from bot.model.event import Dossier
from bot.model.keywords import Lookup
from bot.model.source import Source
from bot.model.values import AudienceId, EventId, Language, SourceSlug
from bot.model.words import LETTERS, is_cjk
from bot.understand import features, weighing

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
    listened = [_Listener(audience) for audience in audiences]
    find = _Finder(keyword.text for listener in listened for keyword in listener.keywords)
    likeness = _likeness(dossiers, audiences)
    return {
        dossier.event.id: _matches(_evidence(dossier, listened, find=find, likest=likest, sources=sources))
        for dossier, likest in zip(dossiers, likeness, strict=True)
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
    listened: Sequence["_Listener"],
    *,
    find: "_Finder",
    likest: Mapping[AudienceId, tuple[float, str]],
    sources: Mapping[SourceSlug, Source],
) -> dict[AudienceId, _Evidence]:
    in_titles = [(article.language, find.in_text(article.title)) for article in dossier.articles]
    in_texts = [(article.language, find.in_text(article.text[:_TEXT_CHARS])) for article in dossier.articles]
    topics = sorted({topic for article in dossier.articles for topic in _topics(article, sources)})
    found: dict[AudienceId, _Evidence] = {}
    for listener in listened:
        titles = listener.mentioned(in_titles)
        found[listener.id] = _Evidence(
            titles=titles,
            texts=tuple(text for text in listener.mentioned(in_texts) if text not in titles),
            topics=tuple(topic for topic in topics if topic.casefold() in listener.names),
            likeness=likest[listener.id][0],
            example=likest[listener.id][1],
        )
    return found


def _topics(article: Article, sources: Mapping[SourceSlug, Source]) -> list[str]:
    return [*article.topics, *(sources[article.source].topics if article.source in sources else [])]


def _keywords(audience: Audience) -> list[_Keyword]:
    return [_Keyword(text, language) for language, texts in audience.keywords.items() for text in texts if text.strip()]


class _Listener:
    """An audience and what it listens for in each language."""

    def __init__(self, audience: Audience) -> None:
        self.id = audience.id
        self.keywords = _keywords(audience)
        words = (keyword.text.casefold() for keyword in self.keywords)
        self.names = {audience.id.casefold(), audience.name.casefold(), *words}
        self._places: dict[Language, dict[str, int]] = {}

    def mentioned(self, found: Iterable[tuple[Language, Sequence[str]]]) -> tuple[str, ...]:
        """Return those of the keywords *found* in texts of some language that count there, in the audience's order."""
        places: dict[str, int] = {}
        for language, texts in found:
            counting = self._counting_in(language)
            for text in texts:
                if text in counting:
                    places[text] = min(counting[text], places.get(text, len(self.keywords)))
        return tuple(sorted(places, key=places.__getitem__))

    def _counting_in(self, language: Language) -> dict[str, int]:
        """Return the keywords that count in a text of *language*, each with its first place among all."""
        if language not in self._places:
            languages = {keyword.language for keyword in self.keywords}
            speaking = [(at, word) for at, word in enumerate(self.keywords) if _speaks(word, language, languages)]
            self._places[language] = {keyword.text: at for at, keyword in reversed(speaking)}
        return self._places[language]


class _Finder:
    """Finds the keywords of all audiences in one go."""

    def __init__(self, keywords: Iterable[str]) -> None:
        known = list(dict.fromkeys(keywords))
        self._patterns = {text: _pattern(text) for text in known}
        latin, cjk = [text for text in known if not is_cjk(text)], [text for text in known if is_cjk(text)]
        self._lookup = Lookup(latin, cjk, with_plurals=True)

    def in_text(self, text: str) -> list[str]:
        """Return the keywords that *text* mentions, in any order."""
        return [keyword for keyword in self._lookup.possible_in(text) if self._patterns[keyword].search(text)]


@lru_cache(maxsize=4096)
def _pattern(text: str) -> re.Pattern[str]:
    written = re.escape(text.strip()).replace(r"\ ", r"[\s-]+")
    if is_cjk(text):
        return re.compile(written, re.IGNORECASE)
    # Bounded by Latin letters and digits only: Chinese sets names without spaces. A plural is the same word;
    # what is "ad-free" has nothing to do with ads.
    return re.compile(rf"(?<![{LETTERS}]){written}(?:e?s)?(?![{LETTERS}]|-(?:free|less)\b)", re.IGNORECASE)


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
    told: list[Sequence[Article | str]] = [dossier.articles for dossier in dossiers]
    weighed = weighing.weigh(features.count_words([*told, *([text] for _, text in models)])).matrix
    cosines = np.asarray((weighed[: len(dossiers)] @ weighed[len(dossiers) :].T).todense())
    found: list[dict[AudienceId, tuple[float, str]]] = []
    for row in cosines:
        best: dict[AudienceId, tuple[float, str]] = {}
        for (audience, text), cosine in zip(models, row, strict=True):
            if audience not in best or float(cosine) > best[audience][0]:
                best[audience] = (float(cosine), text)
        found.append(best)
    return found
