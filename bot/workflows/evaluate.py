"""Evaluate: cluster labelled articles as if they were new, and measure what comes out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.model.article import Article
from bot.model.labelled import LabelledSet, RatedSet
from bot.model.policy import ClusterPolicy
from bot.model.values import ArticleId, Language
from bot.ports import Embedder, Vector
from bot.understand import cluster, likeness, measure
from bot.understand.likeness import Compared
from bot.understand.measure import Pair, Score

_BATCH = 256
"""Titles embedded between two reports of progress."""
_SAME_EVENT = 2 / 3
"""Rated pairs from here on count as the same event (the second of four grades)."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """Two articles that were joined although they should not have been, or the other way round."""

    chance: float
    """The chance that we gave them."""
    one: str
    other: str
    """Their titles."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was measured on one set with one embedder."""

    data: str
    embedder: str
    articles: int
    events: int = 0
    """As labelled."""
    found: int = 0
    """Events that we made of them."""
    b_cubed: Score | None = None
    pairwise: Score | None = None
    by_languages: tuple[tuple[str, Score], ...] = ()
    """Pairwise, such as `en-zh`; only where several languages meet."""
    recall_at_1: float | None = None
    """Across languages."""
    correlation: float | None = None
    """Of rated pairs: rank correlation with people's ratings."""
    ranked_right: float | None = None
    """Of rated pairs: area under the ROC curve, same event or not."""
    wrongly_joined: tuple[Mistake, ...] = ()
    """Those that we were surest of."""
    missed: tuple[Mistake, ...] = ()
    """Those that we thought least of."""


def clustering(
    sets: Sequence[LabelledSet | RatedSet],
    *,
    embedder: Embedder,
    policy: ClusterPolicy,
    mistakes: int,
    on_progress: Callable[[str], None],
) -> list[Evaluation]:
    """
    Return what is measured on each of *sets*: by words alone, and with *embedder* where it is one.

    At most so many *mistakes* of each kind are listed.
    """
    found = []
    for labelled in sets:
        vectors = _embed(labelled.articles, embedder=embedder, name=labelled.name, on_progress=on_progress)
        for name, given in (("lexical", {}), (embedder.name, vectors)):
            if name:
                on_progress(f"{labelled.name}: {name}")
                found.append(_evaluate(labelled, given, name=name, policy=policy, mistakes=mistakes))
    return found


def _embed(
    articles: Sequence[Article], *, embedder: Embedder, name: str, on_progress: Callable[[str], None]
) -> dict[ArticleId, Vector]:
    if not embedder.name:
        return {}
    titles = list(dict.fromkeys(article.title for article in articles if article.title.strip()))
    vectors: dict[str, Vector] = {}
    for start in range(0, len(titles), _BATCH):
        on_progress(f"{name}: {start} of {len(titles)} titles embedded")
        batch = titles[start : start + _BATCH]
        vectors |= zip(batch, embedder.embed(batch), strict=True)
    return {article.id: vectors[article.title] for article in articles if article.title in vectors}


def _evaluate(
    labelled: LabelledSet | RatedSet,
    vectors: Mapping[ArticleId, Vector],
    *,
    name: str,
    policy: ClusterPolicy,
    mistakes: int,
) -> Evaluation:
    if isinstance(labelled, RatedSet):
        return _of_ratings(labelled, vectors, name=name)
    return _of_events(labelled, vectors, name=name, policy=policy, mistakes=mistakes)


def _of_ratings(rated: RatedSet, vectors: Mapping[ArticleId, Vector], *, name: str) -> Evaluation:
    compared = likeness.prepare(rated.articles, vectors)
    alike = _chances(compared, [(pair.one, pair.other) for pair in rated.pairs])
    given = [pair.alike for pair in rated.pairs]
    return Evaluation(
        data=rated.name,
        embedder=name,
        articles=len(rated.articles),
        correlation=measure.correlation(alike, given),
        ranked_right=measure.ranked_right(alike, [likes >= _SAME_EVENT for likes in given]),
    )


def _of_events(
    labelled: LabelledSet,
    vectors: Mapping[ArticleId, Vector],
    *,
    name: str,
    policy: ClusterPolicy,
    mistakes: int,
) -> Evaluation:
    articles, truth = labelled.articles, labelled.labels
    now = max(article.collected_at for article in articles)
    joined = cluster.into_events(articles, [], vectors=vectors, policy=policy, now=now)
    event_of = {membership.article_id: membership.event_id for membership in joined.memberships}
    found = [event_of[article.id] for article in articles]
    compared = likeness.prepare(articles, vectors)
    languages: list[Language] = compared.languages.tolist()
    by_languages = measure.pairwise_by_languages(truth, found, languages)
    return Evaluation(
        data=labelled.name,
        embedder=name,
        articles=len(articles),
        events=len(set(truth)),
        found=len(set(found)),
        b_cubed=measure.b_cubed(truth, found),
        pairwise=measure.pairwise(truth, found),
        by_languages=tuple(("-".join(pair), score) for pair, score in by_languages.items()),
        recall_at_1=measure.found_first(truth, languages, _alike(compared)) if len(set(languages)) > 1 else None,
        wrongly_joined=_worst(articles, compared, measure.wrongly_joined(truth, found), count=mistakes, sign=-1),
        missed=_worst(articles, compared, measure.missed(truth, found), count=mistakes, sign=1),
    )


def _alike(compared: Compared) -> list[tuple[int, int, float]]:
    pairs = likeness.pairs(compared, np.arange(len(compared.hours)))
    return list(zip(pairs.one.tolist(), pairs.other.tolist(), pairs.chance.tolist(), strict=True))


def _worst(
    articles: Sequence[Article], compared: Compared, pairs: Sequence[Pair], *, count: int, sign: int
) -> tuple[Mistake, ...]:
    """Return *count* of *pairs*: the likest first, or the least alike where *sign* is positive."""
    told = [
        Mistake(chance=round(chance, 3), one=articles[one].title, other=articles[other].title)
        for (one, other), chance in zip(pairs, _chances(compared, pairs), strict=True)
    ]
    return tuple(sorted(told, key=lambda mistake: (sign * mistake.chance, mistake.one, mistake.other))[:count])


def _chances(compared: Compared, pairs: Sequence[Pair]) -> list[float]:
    one, other = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return [float(chance) for chance in likeness.chances(compared, one, other)]
