"""Labelled articles: what people sorted by hand, for measuring."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.model.article import Article
from bot.model.values import AudienceId


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """Articles with the event that each tells, by its label."""

    name: str
    articles: tuple[Article, ...]
    labels: tuple[str, ...]
    """One per article, in order; only equality matters."""

    def merged(self, same: Mapping[str, str]) -> "LabelledSet":
        """Return the set with each label that *same* names replaced by the other."""
        return replace(self, labels=tuple(same.get(label, label) for label in self.labels))


@dataclass(frozen=True, slots=True)
class RatedPair:
    """Two articles (places in a set) and how alike people found them, from 0 (different) to 1 (the same)."""

    one: int
    other: int
    alike: float


@dataclass(frozen=True, slots=True)
class RatedSet:
    """Articles, and pairs of them with people's ratings."""

    name: str
    articles: tuple[Article, ...]
    pairs: tuple[RatedPair, ...]


@dataclass(frozen=True, slots=True)
class SortedItem:
    """A title, with or without its text, that people sorted to audiences."""

    title: str
    text: str
    audiences: frozenset[AudienceId]
    """Their ids, or whatever labels the file gives; empty: sorted to nobody."""
    url: str = ""
    """Where it was published; its host tells much."""
    sorted_on: str = ""
    """The day as YYYY-MM-DD; empty where the file names none."""
