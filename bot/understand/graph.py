"""The graph that clustering works on: which articles are alike, which are copies, which must stay apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import numpy as np
from rapidfuzz import fuzz

from bot.model.article import Article
from bot.model.event import Dossier
from bot.model.policy import ClusterPolicy
from bot.model.values import ArticleId
from bot.ports import Vector
from bot.understand import features, likeness, partners, places, vetoes
from bot.understand.linkage import APART, Edge

_HARDLY_ALIKE = 0.02
_COPIED_CHARS, _COPIED_LEAST, _COPIED = 1000, 200, 90.0
"""Two texts of at least so many characters are copies from this percent of likeness of their beginnings."""
_LOOKS_COPIED = 0.5
"""Only pairs of this chance are read character by character."""
_ELSEWHERE = 0.02
"""Odds are multiplied by this (four off the log odds) where titles name other countries; each may name one of two."""


@dataclass(frozen=True, slots=True)
class Scene:
    """All articles in play, in a fixed order: those of known events first, then the new ones."""

    articles: tuple[Article, ...]
    known: tuple[Dossier, ...]
    """In the order of their articles."""
    owners: tuple[int, ...]
    """Known event (place in *known*) of each of the first articles; the articles after these are new."""
    compared: likeness.Compared

    @property
    def first_new(self) -> int:
        """Place of the first new article."""
        return len(self.owners)

    @property
    def rows(self) -> dict[ArticleId, int]:
        """The place of each article."""
        return {article.id: row for row, article in enumerate(self.articles)}


def scene(articles: Sequence[Article], known: Sequence[Dossier], vectors: Mapping[ArticleId, Vector]) -> Scene:
    """Return the articles in play, each once, whatever the order in which they came."""
    dossiers = tuple(sorted(known, key=lambda dossier: dossier.event.id))
    owner_of = {article.id: place for place, dossier in enumerate(dossiers) for article in dossier.articles}
    told = {article.id: article for dossier in dossiers for article in in_time(dossier.articles)}
    new = {article.id: article for article in in_time(articles) if article.id not in told}
    everything = (*told.values(), *new.values())
    owners = tuple(owner_of[article] for article in told)
    return Scene(everything, dossiers, owners, likeness.prepare(everything, vectors))


def in_time(articles: Sequence[Article]) -> list[Article]:
    """Return *articles* by date, ties by id."""
    return sorted(articles, key=lambda article: (article.dated_at, article.id))


def starting_groups(scene: Scene, copies: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Return a group per known event, then the new articles; copies stand with what they copy."""
    groups: list[list[int]] = [[] for _ in scene.known]
    for row, owner in enumerate(scene.owners):
        groups[owner].append(row)
    groups += [[row] for row in range(scene.first_new, len(scene.articles))]
    group_of = {member: index for index, group in enumerate(groups) for member in group}
    root = list(range(len(groups)))
    for one, other in copies:
        first, second = sorted((_root(root, group_of[one]), _root(root, group_of[other])))
        if second >= len(scene.known):
            root[second] = first
    together: dict[int, list[int]] = {}
    for index, group in enumerate(groups):  # in this order a known event is the first of its group
        together.setdefault(_root(root, index), []).extend(group)
    return list(together.values())


def same_pages(scene: Scene) -> list[tuple[int, int]]:
    """Return the pairs of articles of different sources that point to one page."""
    first_at: dict[str, int] = {}
    found: list[tuple[int, int]] = []
    for index, article in enumerate(scene.articles):
        first = first_at.setdefault(article.canonical_url, index)
        if index >= scene.first_new and is_same_page(scene.articles[first], article):
            found.append((first, index))
    return found


def edges(scene: Scene, policy: ClusterPolicy) -> tuple[list[Edge], list[tuple[int, int]]]:
    """Return the likeness of the pairs that may tell one event, and the pairs whose texts are copies."""
    rows = np.arange(scene.first_new, len(scene.articles))
    pairs = likeness.pairs(scene.compared, rows)
    pairs = pairs.where((pairs.chance >= _HARDLY_ALIKE) & _in_time(scene, pairs, policy))
    chances = partners.weighed(scene.compared, pairs, _settled(scene))
    # At a join few of the known articles are like a new one; the others are not read.
    looked_at = {row: scene.articles[row] for row in {*pairs.one.tolist(), *pairs.other.tolist()}}
    named = {row: vetoes.versions(article.title) for row, article in looked_at.items()}
    countries = {row: places.countries(article.title, article.language) for row, article in looked_at.items()}
    is_roundup = {row: vetoes.is_roundup(article.title) for row, article in looked_at.items()}
    found: list[Edge] = []
    copies: list[tuple[int, int]] = []
    for one, other, chance in zip(pairs.one.tolist(), pairs.other.tolist(), chances.tolist(), strict=True):
        if vetoes.differ(named[one], named[other]):
            found.append((one, other, APART))
            continue
        is_copied = chance >= _LOOKS_COPIED and is_copy(scene.articles[one], scene.articles[other])
        if is_copied:
            copies.append((one, other))
        elif not is_roundup[one] and not is_roundup[other]:
            is_elsewhere = places.differ(countries[one], countries[other])
            found.append((one, other, _doubted(chance) if is_elsewhere else chance))
    return found, copies


def is_same_page(one: Article, other: Article) -> bool:
    """Return whether two sources point to one page, which is not a site's front."""
    is_page = len(urlsplit(one.canonical_url).path) > 1
    return is_page and one.canonical_url == other.canonical_url and one.source != other.source


def is_copy(one: Article, other: Article) -> bool:
    """Return whether two texts begin with nearly the same words and exactly the same numbers."""
    left, right = one.text[:_COPIED_CHARS], other.text[:_COPIED_CHARS]
    if min(len(left), len(right)) < _COPIED_LEAST:
        return False
    if fuzz.ratio(left, right, score_cutoff=_COPIED) < _COPIED:
        return False
    # A template filled in anew (a price, a release) differs in its numbers.
    return set(features.amounts(left)) == set(features.amounts(right))


def _root(root: list[int], index: int) -> int:
    while root[index] != index:
        index = root[index]
    return index


def _doubted(chance: float) -> float:
    return chance * _ELSEWHERE / (1 - chance + chance * _ELSEWHERE)


def _settled(scene: Scene) -> partners.Settled:
    is_undated = [article.published_at is None for article in scene.articles]
    return partners.Settled(np.array(scene.owners, dtype=np.int64), np.array(is_undated, dtype=np.bool_))


def _in_time(scene: Scene, pairs: likeness.Pairs, policy: ClusterPolicy) -> likeness.Mask:
    """Return which pairs are near enough: two new articles, or a new one and the known event of the other."""
    hours = scene.compared.hours
    starts, ends, limits = hours.copy(), hours.copy(), np.full(len(hours), policy.max_gap_hours)
    owners = np.array(scene.owners, dtype=np.int64)
    first, last = np.full(len(scene.known), np.inf), np.full(len(scene.known), -np.inf)
    np.minimum.at(first, owners, hours[: scene.first_new])
    np.maximum.at(last, owners, hours[: scene.first_new])
    starts[: scene.first_new], ends[: scene.first_new] = first[owners], last[owners]
    limits[: scene.first_new] = timedelta(days=policy.join_days) / timedelta(hours=1)
    gap = np.maximum(starts[pairs.other] - ends[pairs.one], starts[pairs.one] - ends[pairs.other])
    is_near: likeness.Mask = gap <= np.maximum(limits[pairs.one], limits[pairs.other])
    return is_near
