"""What earlier weeks taught: which hosts and subjects drew readers, so that a new article of theirs may too."""

import math
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import urlsplit

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.linalg import lsqr

from bot.model.article import Article, Engaged
from bot.model.values import SourceSlug
from bot.model.words import words

Trait = tuple[str, str]
"""A kind (host, topic or word) and what it is."""

MEMORY = timedelta(weeks=52)
"""How far back we learn; shorter memories rank worse (docs/measured.md)."""

_SHRINK = {"host": 3.0, "topic": 10.0, "word": 20.0}
"""Articles that halve a trait's mean: a host known by three says half of it. Fitted on 2019 (docs/measured.md)."""
_FULL_SHARE = 0.95
"""The share of a source's week above which more engagement counts no more."""
_STEPS = 30


@dataclass(frozen=True, slots=True)
class Lesson:
    """An article of an earlier week and how much it drew."""

    traits: tuple[Trait, ...]
    drew: float
    """0..1 against its source's week."""


@dataclass(frozen=True, slots=True)
class Learned:
    """How much each trait lifts an article above the mean, shrunk towards 0 where little is known."""

    lifts: Mapping[Trait, float] = field(default_factory=dict)
    counts: Mapping[Trait, int] = field(default_factory=dict)

    def of_host(self, article: Article | Engaged) -> tuple[float, int]:
        """Return the lift of the host of *article*, -1..1, and the number of earlier articles that it stands on."""
        host = ("host", host_of(article))
        return self.lifts.get(host, 0.0), self.counts.get(host, 0)

    def of_subject(self, article: Article | Engaged) -> tuple[float, list[tuple[float, str]]]:
        """Return the lift of topics and title words together, and each with its own, the strongest first."""
        known = [(self.lifts[trait], trait[1]) for trait in _subjects(article) if trait in self.lifts]
        return math.fsum(lift for lift, _ in known), sorted(known, key=lambda pair: (-abs(pair[0]), pair[1]))


def lessons(articles: Sequence[Article | Engaged]) -> list[Lesson]:
    """Return what *articles* with engagement teach, each against the articles of its source in the same ISO week."""
    engaged = [article for article in articles if article.engagement]
    weeks: dict[tuple[SourceSlug, date], list[int]] = defaultdict(list)
    for article in engaged:
        weeks[_week(article)].append(drawn(article))
    full = {week: _high(sorted(numbers)) for week, numbers in weeks.items()}
    return [Lesson(traits(article), min(1.0, drawn(article) / full[_week(article)])) for article in engaged]


def taught(given: Sequence[Lesson]) -> Learned:
    """
    Return the lift of every trait over the mean, all together, so that a host is not praised for its topics.

    Means shrunken jointly, which is ridge regression on the traits. For one trait alone: the sum of what its
    articles drew above the mean, divided by their number plus a constant. Order of *given* does not matter.
    """
    places = {
        trait: place for place, trait in enumerate(sorted({trait for lesson in given for trait in lesson.traits}))
    }
    if not places:
        return Learned()
    ordered = sorted(given, key=lambda lesson: (lesson.traits, lesson.drew))
    drew = np.array([lesson.drew for lesson in ordered])
    scale = np.array([1 / math.sqrt(_SHRINK[kind]) for kind, _ in places])
    # lsqr punishes all columns alike (damp=1); a column's scale makes that the constant of its kind.
    found = lsqr(_matrix(ordered, places, scale), drew - drew.mean(), damp=1.0, iter_lim=_STEPS)[0] * scale
    counts = Counter(trait for lesson in ordered for trait in lesson.traits)
    return Learned(dict(zip(places, found.tolist(), strict=True)), counts)


def traits(article: Article | Engaged) -> tuple[Trait, ...]:
    """Return what an article can be known by before anybody read it: host, topics, words of its title; sorted."""
    return tuple(sorted({("host", host_of(article)), *_subjects(article)}))


def host_of(article: Article | Engaged) -> str:
    """Return the host of the article's address without `www.`, or its source where it has none."""
    try:
        host = urlsplit(article.canonical_url).hostname
    except ValueError:
        host = None
    return (host or article.source).removeprefix("www.")


def drawn(article: Article | Engaged) -> int:
    """Return the article's engagement as one number: points and comments together, at least 0."""
    return max(0, sum(article.engagement.values()))


def _subjects(article: Article | Engaged) -> list[Trait]:
    topics = dict.fromkeys(("topic", topic.casefold()) for topic in (*article.categories, *article.topics))
    return [*topics, *dict.fromkeys(("word", word) for word in words(article.title))]


def _matrix(given: Sequence[Lesson], places: Mapping[Trait, int], scale: np.ndarray) -> csr_matrix:
    columns = np.array([places[trait] for lesson in given for trait in lesson.traits])
    rows = np.repeat(np.arange(len(given)), [len(lesson.traits) for lesson in given])
    return csr_matrix((scale[columns], (rows, columns)), shape=(len(given), len(places)))


def _week(article: Article | Engaged) -> tuple[SourceSlug, date]:
    year, week, _ = article.dated_at.isocalendar()
    return article.source, date.fromisocalendar(year, week, 1)


def _high(numbers: Sequence[int]) -> int:
    """Return the least number that enough of the ascending *numbers* do not exceed, at least 1."""
    least = math.ceil(_FULL_SHARE * len(numbers)) - 1
    return max(1, numbers[bisect_right(numbers, numbers[least]) - 1])
