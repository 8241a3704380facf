"""Invented news: words of syllables with Zipf frequencies, the same for the same seed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random

from bot import settings
from bot.model.article import Article, DateKind
from bot.model.audience import Audience
from bot.model.policy import Playbook
from bot.model.values import digest_of

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
WEEK_STARTS = datetime(2026, 11, 16, tzinfo=UTC)
"""Of 2026-W47."""
_CONSONANTS = ("b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z", "br", "st", "tr", "sh")
_SYLLABLES = [one + two for one in _CONSONANTS for two in ("a", "e", "i", "o", "u", "ai", "or", "en")]
_VOCABULARY = 40_000
_PUBLISHERS = 300
_ARTICLES_PER_EVENT = (1, 1, 1, 1, 2, 3, 6)
_TEXT_WORDS = (50, 220)
"""About what feeds of 75 KB with 40 entries have."""
_KEYWORDS_EVERY = 3
"""Every third article says something that an audience listens for."""


class Newsroom:
    """Writes articles about invented events."""

    def __init__(self, *, seed: int) -> None:
        """Invent a language."""
        self._random = Random(seed)
        self._words = self._invented()
        self._weights = list(accumulate(1 / rank for rank in range(1, len(self._words) + 1)))
        self._keywords = _keywords()

    def articles(self, count: int) -> Iterator[Article]:
        """Yield *count* articles of one week, those of an event one after the other."""
        number = 0
        while number < count:
            headline = self._headline()
            first = WEEK_STARTS + timedelta(hours=self._random.uniform(0, 160))
            for _ in range(min(self._random.choice(_ARTICLES_PER_EVENT), count - number)):
                at = min(first + timedelta(hours=self._random.expovariate(0.3)), WEEK_STARTS + timedelta(hours=167))
                yield self._article(number, headline, at)
                number += 1

    def phrase(self, words: int) -> str:
        """Return *words* words, frequent ones more often."""
        return " ".join(self._drawn(words))

    def _article(self, number: int, headline: list[str], at: datetime) -> Article:
        publisher = f"publisher-{self._random.randrange(_PUBLISHERS)}"
        kept = self._random.sample(headline, k=len(headline) - 2)
        title = " ".join([*kept, *self._drawn(3)])
        text = self._text(headline)
        url = f"https://{publisher}.example/{number}"
        return Article(
            id=digest_of(publisher, str(number)),
            source=publisher,
            publisher=publisher,
            url=url,
            canonical_url=url,
            title=title,
            text=text,
            language="en",
            published_at=at,
            date_kind=DateKind.GIVEN,
            collected_at=at + timedelta(minutes=26),
            content_hash=digest_of(title, text),
        )

    def _headline(self) -> list[str]:
        names = [word.capitalize() for word in self._random.sample(self._words[2000:], k=3)]
        return [*names, *self._drawn(4), f"{self._random.randrange(20, 900)}"]

    def _text(self, headline: list[str]) -> str:
        left = self._random.randint(*_TEXT_WORDS)
        sentences = []
        while left > 0:
            words = [*self._drawn(self._random.randint(8, 22)), *self._random.sample(headline, k=3)]
            if self._random.randrange(_KEYWORDS_EVERY * 6) == 0:
                words.append(self._random.choice(self._keywords))
            sentences.append(" ".join(words).capitalize() + ".")
            left -= len(words)
        return "\n\n".join(" ".join(sentences[start : start + 3]) for start in range(0, len(sentences), 3))

    def _drawn(self, count: int) -> list[str]:
        return self._random.choices(self._words, cum_weights=self._weights, k=count)

    def _invented(self) -> list[str]:
        words: dict[str, None] = {}
        while len(words) < _VOCABULARY:
            # Frequent words are short, as in any language.
            syllables = 1 + (len(words) > 80) + (len(words) > 3000) + self._random.randrange(2)
            words["".join(self._random.choices(_SYLLABLES, k=syllables))] = None
        return list(words)


def audiences() -> tuple[Audience, ...]:
    """Return the audiences that we ship."""
    return _shipped().audiences


def playbook() -> Playbook:
    """Return the playbook that we ship."""
    return _shipped().playbook


def _shipped() -> settings.Settings:
    return settings.load(settings.shipped_directory(), environment={"RECAP_SECRET_KEY": "benchmark"})


def _keywords() -> list[str]:
    return [text for audience in audiences() for text in audience.keywords.get("en", [])]
