"""Taught: a small linear model of what concerns an audience, learned from events that an operator sorted."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import exp, sqrt
from urllib.parse import urlsplit

import numpy as np
from scipy.sparse import csr_matrix, diags

from bot.model.article import Article
from bot.model.audience import Audience, AudienceMatch, Taught
from bot.model.labelled import SortedItem
from bot.model.values import AudienceId
from bot.model.words import is_cjk, words

_TEXT_CHARS = 1000
_ARTICLES = 5
"""Articles of an event that are read: more say the same."""
_STRENGTH = 0.3
"""How closely the examples are followed (scikit-learn's C): of 0.03, 0.1 and 0.3 the best on TLDR before 2025-11."""
_KEPT = 20_000
"""Features kept of each audience: those that weigh most."""
_LEAST_OFTEN = 2
_SHOWN = 3
_FEWEST = 4
"""Items of an audience from which it is learned, and of the others."""


def learn(items: Sequence[SortedItem]) -> dict[AudienceId, Taught]:
    """
    Return a model of each audience that *items* name often enough; the same items give the same models.

    Each audience is told from the rest by logistic regression, so that its score is a probability: that of an
    event that might as well concern it as not. How many of each somebody sorted says nothing about the news.
    """
    from sklearn.linear_model import LogisticRegression  # takes long to load, and is seldom needed

    told = [_features(item.title, item.text, item.url) for item in items]
    terms, weighed, rarity = _weighed(told)
    models: dict[AudienceId, Taught] = {}
    for audience in sorted({audience for item in items for audience in item.audiences}):
        concerns = np.array([audience in item.audiences for item in items])
        if _FEWEST <= concerns.sum() <= len(items) - _FEWEST:
            model = LogisticRegression(C=_STRENGTH, solver="liblinear", class_weight="balanced", random_state=0).fit(
                weighed, concerns
            )
            weights = model.coef_[0] * rarity
            kept = np.argsort(-np.abs(weights), kind="stable")[:_KEPT]
            chosen = {terms[at]: round(float(weights[at]), 3) for at in sorted(kept.tolist())}
            models[audience] = Taught(bias=round(float(model.intercept_[0]), 3), weights=chosen)
    return models


def strongest(model: Taught, *, count: int) -> list[str]:
    """Return the *count* words that speak most for an audience."""
    told = sorted(model.weights.items(), key=lambda pair: (-pair[1], pair[0]))
    return [term for term, weight in told if weight > 0 and _is_word(term)][:count]


def matches(
    articles: Sequence[Article], audiences: Iterable[Audience], least: float
) -> dict[AudienceId, AudienceMatch | None]:
    """
    Return for each audience that we were taught whether *articles* about one event concern it (at *least* so surely).

    Null where they do not: then what its keywords say does not count.
    """
    known = [(audience.id, audience.taught) for audience in audiences if audience.taught is not None]
    if not known:
        return {}
    told = [_features(article.title, article.text, article.url) for article in articles[:_ARTICLES]]
    found: dict[AudienceId, AudienceMatch | None] = {}
    for audience, model in known:
        chance = probability(model, told)
        reason = f"mentions {', '.join(_reasons(model, told))}"
        found[audience] = (
            AudienceMatch(id=audience, confidence=round(chance, 3), reason=reason) if chance >= least else None
        )
    return found


def probability(model: Taught, told: Sequence[Sequence[str]]) -> float:
    """Return how probably an event concerns the audience, by the features of each of its articles."""
    scores = [
        model.bias + sum(model.weights.get(feature, 0.0) for feature in features) / sqrt(max(len(features), 1))
        for features in told
    ]
    score = sum(scores) / max(len(scores), 1)
    return 1 / (1 + exp(-max(min(score, 50.0), -50.0)))


def ranked(item: SortedItem, models: Mapping[AudienceId, Taught]) -> list[tuple[AudienceId, float]]:
    """Return how probably an item concerns each audience of *models*, the likeliest first."""
    told = [_features(item.title, item.text, item.url)]
    chances = [(audience, probability(model, told)) for audience, model in models.items()]
    return sorted(chances, key=lambda pair: (-pair[1], pair[0]))


def _reasons(model: Taught, told: Iterable[Sequence[str]]) -> list[str]:
    weights: Mapping[str, float] = {
        feature: model.weights.get(feature, 0.0) for features in told for feature in features if _is_word(feature)
    }
    best = sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))
    return [feature for feature, weight in best if weight > 0][:_SHOWN] or ["what you sorted so"]


def _is_word(feature: str) -> bool:
    return not feature.startswith(("#", "t:", "@"))


def _features(title: str, text: str, url: str) -> list[str]:
    """Return words and pairs of title and text, those of the title again, pieces of the title's words, and the host."""
    of_title, of_text = _grams(words(title)), _grams(words(text[:_TEXT_CHARS]))
    pieces = (piece for word in words(title) if len(word) > 4 and not is_cjk(word) for piece in _pieces(word))
    host = [f"@{name.removeprefix('www.')}"] if (name := urlsplit(url).hostname or "") else []
    return list(dict.fromkeys([*of_title, *of_text, *(f"t:{gram}" for gram in of_title), *pieces, *host]))


def _grams(tokens: Sequence[str]) -> list[str]:
    return [*tokens, *(f"{one} {two}" for one, two in pairwise(tokens))]


def _pieces(word: str) -> list[str]:
    bounded = f"^{word}$"
    return [f"#{bounded[start : start + 4]}" for start in range(len(bounded) - 3)]


def _weighed(told: Sequence[Sequence[str]]) -> tuple[list[str], csr_matrix, np.ndarray]:
    """Return the terms that stand in several documents, the documents by these, and how rare each term is."""
    often: dict[str, int] = {}
    for features in told:
        for feature in features:
            often[feature] = often.get(feature, 0) + 1
    terms = sorted(term for term, count in often.items() if count >= _LEAST_OFTEN)
    column = {term: at for at, term in enumerate(terms)}
    rows = [[column[feature] for feature in features if feature in column] for features in told]
    starts = np.cumsum([0, *map(len, rows)])
    indices = np.array([at for row in rows for at in row], dtype=np.int32)
    matrix = csr_matrix((np.ones(len(indices)), indices, starts), shape=(len(told), len(terms)))
    rarity = np.log((1 + len(told)) / (1 + np.array([often[term] for term in terms]))) + 1
    lengths = np.array([1 / sqrt(max(len(features), 1)) for features in told])
    return terms, (diags(lengths) @ matrix @ diags(rarity)).tocsr(), rarity
