"""Listening: which of an audience's words an article mentions."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.model.article import Article
from bot.model.audience import Audience
from bot.model.keywords import Lookup
from bot.model.values import AudienceId, Language
from bot.model.words import LETTERS, is_cjk

_TEXT_CHARS = 1000
"""The lead: what a text mentions further down is mostly background."""
_CJK = frozenset({"zh", "ja", "ko"})


@dataclass(frozen=True, slots=True)
class Mentions:
    """What of an audience's words an event mentions: keywords and hints, in titles or in texts alone."""

    titles: tuple[str, ...]
    texts: tuple[str, ...]
    title_hints: tuple[str, ...]
    text_hints: tuple[str, ...]


_NOTHING = Mentions((), (), (), ())


@dataclass(frozen=True, slots=True)
class Heard:
    """What an event mentions of an audience's words: all together, and each of its articles."""

    together: Mentions
    each: tuple[Mentions, ...]


@dataclass(frozen=True, slots=True)
class _Keyword:
    text: str
    language: Language
    is_hint: bool = False


class Listeners:
    """All audiences, and what each listens for."""

    def __init__(self, audiences: Sequence[Audience]) -> None:
        """Take the *audiences*; their words are looked up all at once."""
        self._each = [_Listener(audience) for audience in audiences]
        self._finder = _Finder(text for listener in self._each for text in listener.listened_for)

    def heard(self, articles: Iterable[Article]) -> dict[AudienceId, Heard]:
        """Return what *articles* about one event mention of each audience's words."""
        titles, texts = [], []
        for article in articles:
            lead = article.text[:_TEXT_CHARS]
            titles.append(_Found(article.language, article.title, frozenset(self._finder.in_text(article.title))))
            texts.append(_Found(article.language, lead, frozenset(self._finder.in_text(lead))))
        return {listener.id: listener.heard(titles, texts) for listener in self._each}


@dataclass(frozen=True, slots=True)
class _Found:
    """A text and the words of all audiences in it."""

    language: Language
    text: str
    words: frozenset[str]


class _Listener:
    """An audience and what it listens for in each language."""

    def __init__(self, audience: Audience) -> None:
        self.id = audience.id
        keywords = _keywords(audience.keywords, is_hint=False)
        known = {(keyword.text, keyword.language) for keyword in keywords}
        hints = [hint for hint in _keywords(audience.hints, is_hint=True) if (hint.text, hint.language) not in known]
        self._keywords = [*keywords, *hints]
        self._exceptions = frozenset(keyword.text for keyword in _keywords(audience.exceptions, is_hint=False))
        self._counting: dict[Language, dict[str, int]] = {}

    @property
    def listened_for(self) -> list[str]:
        """Return every word and every exception."""
        return [*(keyword.text for keyword in self._keywords), *self._exceptions]

    def heard(self, titles: Sequence[_Found], texts: Sequence[_Found]) -> Heard:
        """Return what the *titles* and *texts* of some articles mention."""
        together = self._mentions(titles, texts)
        if together == _NOTHING or len(titles) == 1:
            return Heard(together, (together,) * len(titles))
        return Heard(together, tuple(self._mentions([one], [two]) for one, two in zip(titles, texts, strict=True)))

    def _mentions(self, titles: Iterable[_Found], texts: Iterable[_Found]) -> Mentions:
        """Return what is mentioned in *titles*, and in *texts* alone, each in the audience's order."""
        in_titles = self._places(titles)
        in_texts = self._places(texts)
        first, then = sorted(set(in_titles.values())), sorted({*in_texts.values()} - {*in_titles.values()})
        said = {self._keywords[at].text for at in first}
        then = [at for at in then if self._keywords[at].text not in said]
        return Mentions(
            titles=tuple(self._keywords[at].text for at in first if not self._keywords[at].is_hint),
            texts=tuple(self._keywords[at].text for at in then if not self._keywords[at].is_hint),
            title_hints=tuple(self._keywords[at].text for at in first if self._keywords[at].is_hint),
            text_hints=tuple(self._keywords[at].text for at in then if self._keywords[at].is_hint),
        )

    def _places(self, found: Iterable[_Found]) -> dict[str, int]:
        """Return the words that count in what was *found*, each with its first place."""
        places: dict[str, int] = {}
        for each in found:
            counting = self._counting_in(each.language)
            for text in self._heeded(each) & counting.keys():
                places[text] = min(counting[text], places.get(text, len(self._keywords)))
        return places

    def _heeded(self, found: _Found) -> frozenset[str]:
        """Return the words of a text that also stand outside of the exceptions in it."""
        excepted = found.words & self._exceptions
        if not excepted:
            return found.words
        rest = found.text
        for phrase in sorted(excepted, key=len, reverse=True):
            rest = _pattern(phrase).sub(" · ", rest)
        return frozenset(text for text in found.words if _pattern(text).search(rest))

    def _counting_in(self, language: Language) -> dict[str, int]:
        """Return the words that count in a text of *language*, each with its first place among all."""
        if language not in self._counting:
            languages = {keyword.language for keyword in self._keywords}
            speaking = [(at, word) for at, word in enumerate(self._keywords) if _speaks(word, language, languages)]
            self._counting[language] = {keyword.text: at for at, keyword in reversed(speaking)}
        return self._counting[language]


def _keywords(listed: Mapping[Language, Sequence[str]], *, is_hint: bool) -> list[_Keyword]:
    return [_Keyword(text, language, is_hint) for language, texts in listed.items() for text in texts if text.strip()]


class _Finder:
    """Finds the words of all audiences in one go."""

    def __init__(self, keywords: Iterable[str]) -> None:
        known = list(dict.fromkeys(keywords))
        self._patterns = {text: _pattern(text) for text in known}
        latin, cjk = [text for text in known if not is_cjk(text)], [text for text in known if is_cjk(text)]
        self._lookup = Lookup(latin, cjk, with_plurals=True)

    def in_text(self, text: str) -> list[str]:
        """Return the words that *text* mentions, in any order."""
        return [keyword for keyword in self._lookup.possible_in(text) if self._patterns[keyword].search(text)]


@lru_cache(maxsize=8192)
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


def is_term(keyword: _Keyword) -> bool:
    """Return whether a keyword is written in Latin letters, as terms are in any language."""
    return not is_cjk(keyword.text)
