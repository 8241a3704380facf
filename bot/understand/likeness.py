"""How like two articles are: the chance that they tell the same event, from words, names and meaning."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sparse_dot_topn import sp_matmul_topn

from bot.model.article import Article
from bot.model.values import ArticleId, Language
from bot.model.words import is_cjk
from bot.ports import Vector
from bot.understand import features, odds, weighing
from bot.understand.weighing import Weighed

Floats = NDArray[np.float32]
Indexes = NDArray[np.int64]
Mask = NDArray[np.bool_]

_MIN_OF_LANGUAGE = 30
"""Vectors from which the mean of a language is known well enough; under it, the mean of all. Source: DESIGN.md 3."""
_PARTNERS = 200
"""The likest articles looked at per article: more than any event has."""
_SHARED_WORDS, _SHARED_NAMES, _SHARED_RARE, _SHARED_MEANING = 0.03, 0.15, 1.0, 0.25
"""Likeness from which a pair is looked at."""
_UNRELATED = 0.8
"""Cosine of two unrelated titles under multilingual-e5, measured on headlines; counts as 0 where we cannot centre."""
_BLOCK, _CHUNK = 1000, 20_000
_THREADS = 2
"""A product gains little from more, and its outcome is the same for any number."""
_CROWD, _PIVOTS = 4, 1000
"""An article's crowd are so many, the likest of at most so many articles of other languages."""
_FULL_TOLD = 300
"""Characters of text that count as a whole lead; a Chinese one says as much as three Latin ones."""
_CJK_WEIGHT = 3


@dataclass(frozen=True, slots=True)
class Compared:
    """Articles made ready for comparison; rows of all fields are in one order."""

    languages: NDArray[np.str_]
    hours: Floats
    """When each is dated, after the first of them."""
    words: Weighed
    names: Weighed
    rare: Weighed
    """The names again: a product counts the rare ones that two articles share."""
    vectors: Floats
    """Of unit length, centred if possible; zeros where an article has none."""
    unrelated: float
    """Product of two vectors that counts as no likeness of meaning."""
    has_vector: Mask
    crowd: Floats
    """How like each is to its crowd, 0..1; see `odds.Signals`."""
    told: Floats
    """How much text each has, 0..1."""
    amounts: csr_matrix
    """A row per article, a column per amount that any title names."""
    publishers: Indexes
    """A number per publisher."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of rows with the chance that they tell the same event; *one* < *other*, each pair once."""

    one: Indexes
    other: Indexes
    chance: Floats

    def where(self, keep: Mask) -> "Pairs":
        """Return those to *keep*."""
        return Pairs(self.one[keep], self.other[keep], self.chance[keep])


@dataclass(frozen=True, slots=True)
class Shared:
    """What pairs share: cosines of words and of names, and the count of rare names."""

    words: Floats
    names: Floats
    rare: Floats


def prepare(articles: Sequence[Article], vectors: Mapping[ArticleId, Vector]) -> Compared:
    """Return *articles* ready for comparison; rare words weigh by how rare they are among them."""
    spoken = languages(articles)
    centred, has_vector = centre(articles, vectors)
    named = features.count_names(articles)
    unrelated = 0.0 if has_vector.sum() >= _MIN_OF_LANGUAGE else _UNRELATED
    return Compared(
        languages=spoken,
        hours=_hours(articles),
        words=weighing.weigh(features.count_words([[article] for article in articles])),
        names=weighing.weigh(named),
        rare=weighing.weigh_rare(named),
        vectors=centred,
        unrelated=unrelated,
        has_vector=has_vector,
        crowd=np.zeros(len(articles), dtype=np.float32) if unrelated else crowd(centred, spoken),
        told=np.array([_told(article.text) for article in articles], dtype=np.float32),
        amounts=features.count_amounts(article.title for article in articles).matrix,
        publishers=np.unique([article.publisher for article in articles], return_inverse=True)[1].astype(np.int64),
    )


def pairs(compared: Compared, rows: Indexes) -> Pairs:
    """Return the pairs of any of *rows* with any article, as far as they are at all alike."""
    count = len(compared.hours)
    words = _products(compared.words.matrix, rows, at_least=_SHARED_WORDS)
    names = _products(compared.names.matrix, rows, at_least=_SHARED_NAMES)
    rare = _products(compared.rare.matrix, rows, at_least=_SHARED_RARE)
    # Without the places numpy would hash them, which takes ten times as long as sorting.
    keys, _ = np.unique(np.concatenate([words[0], names[0], rare[0], _meant(compared, rows)]), return_index=True)
    one, other = keys // count, keys % count
    chance = _chances(compared, one, other, shared=Shared(*(_looked_up(keys, found) for found in (words, names, rare))))
    return Pairs(one, other, chance)


def chances(compared: Compared, one: Indexes, other: Indexes) -> Floats:
    """Return the chance that the rows *one* and *other* tell the same event, pair by pair."""
    weighed = (compared.words, compared.names, compared.rare)
    found = [np.zeros(0, dtype=np.float32)]
    for start in range(0, len(one), _CHUNK):
        left, right = one[start : start + _CHUNK], other[start : start + _CHUNK]
        shared = Shared(*(_cosines(kind.matrix, left, right) for kind in weighed))
        found.append(_chances(compared, left, right, shared=shared))
    return np.concatenate(found)


def languages(articles: Sequence[Article]) -> NDArray[np.str_]:
    """Return the language of each; one that cannot be told counts as the commonest one of its script."""
    spoken = [(is_cjk(article.title), article.language) for article in articles]
    counts = Counter(pair for pair in spoken if pair[1] != "und")
    commonest = {script: language for (script, language), _ in reversed(counts.most_common())}
    told = [commonest.get(script, language) if language == "und" else language for script, language in spoken]
    return np.array(told, dtype=np.str_)


def centre(articles: Sequence[Article], vectors: Mapping[ArticleId, Vector]) -> tuple[Floats, Mask]:
    """
    Return the vectors without what all articles of a language have in common, and who has one.

    Uncentred, any two titles of one language are liker than a title and its translation.
    """
    has_vector = np.array([article.id in vectors for article in articles], dtype=np.bool_)
    size = next((len(vectors[article.id]) for article in articles if article.id in vectors), 1)
    matrix = np.zeros((len(articles), size), dtype=np.float32)
    if not has_vector.any():
        return matrix, has_vector
    matrix[has_vector] = np.stack([vectors[article.id] for article in articles if article.id in vectors])
    if has_vector.sum() >= _MIN_OF_LANGUAGE:  # the mean of a few would be what they tell, not how they tell it
        matrix[has_vector] -= _means(matrix[has_vector], languages(articles)[has_vector])
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    return (matrix / np.where(lengths > 0, lengths, 1)).astype(np.float32), has_vector


def crowd(vectors: Floats, languages: NDArray[np.str_]) -> Floats:
    """
    Return how like each article is, on average, to the likest ones of other languages.

    Where many are about as like, the likest of them proves little. Of many articles
    an evenly spread part stands for all. Source: Artetxe and Schwenk 2019,
    https://aclanthology.org/P19-1309/ (margins instead of cosines)
    """
    found = np.zeros(len(vectors), dtype=np.float32)
    for language in sorted(set(languages.tolist())):
        own, others = np.flatnonzero(languages == language), np.flatnonzero(languages != language)
        pivots = others[:: -(-len(others) // _PIVOTS) or 1]
        for start in range(0, len(own), _BLOCK):
            block = own[start : start + _BLOCK]
            alike = np.maximum(vectors[block] @ vectors[pivots].T, 0)
            likest = -np.partition(-alike, _CROWD - 1, axis=1)[:, :_CROWD] if len(pivots) > _CROWD else alike
            found[block] = likest.sum(axis=1) / _CROWD
    return found


def _told(text: str) -> float:
    weight = _CJK_WEIGHT if is_cjk(text) else 1
    return min(1.0, len(text[:_FULL_TOLD]) * weight / _FULL_TOLD)


def _hours(articles: Sequence[Article]) -> Floats:
    at = [article.dated_at for article in articles]
    start = min(at, default=None)
    return np.array([(moment - start) / timedelta(hours=1) for moment in at] if start else [], dtype=np.float32)


def _means(matrix: Floats, languages: NDArray[np.str_]) -> Floats:
    means = np.tile(matrix.mean(axis=0), (len(matrix), 1))
    found: list[Language] = sorted(set(languages.tolist()))
    for language in found:
        of_language = languages == language
        if of_language.sum() >= _MIN_OF_LANGUAGE:
            means[of_language] = matrix[of_language].mean(axis=0)
    return means


def _products(matrix: csr_matrix, rows: Indexes, *, at_least: float) -> tuple[Indexes, Floats]:
    """Return the keys of the pairs whose cosine is *at_least* so much, ascending, with their cosines."""
    columns = matrix.T.tocsr()
    keys, cosines = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.float32)]
    for start in range(0, len(rows), _CHUNK):  # in parts: what is made room for beforehand is far more than is found
        block = rows[start : start + _CHUNK]
        found = sp_matmul_topn(matrix[block], columns, top_n=_PARTNERS, threshold=at_least, n_threads=_THREADS).tocoo()
        key, cosine = _keys(block[found.row], found.col.astype(np.int64), count=matrix.shape[0], values=found.data)
        keys.append(key)
        cosines.append(cosine)
    distinct, first = np.unique(np.concatenate(keys), return_index=True)
    return distinct, np.concatenate(cosines)[first]


def _keys(one: Indexes, other: Indexes, *, count: int, values: Floats) -> tuple[Indexes, Floats]:
    is_pair = one != other
    low, high = np.minimum(one, other)[is_pair], np.maximum(one, other)[is_pair]
    keys, first = np.unique(low * count + high, return_index=True)
    return keys, values[is_pair][first]


def _meant(compared: Compared, rows: Indexes) -> Indexes:
    known = np.flatnonzero(compared.has_vector)
    asked = rows[compared.has_vector[rows]]
    least = compared.unrelated + _SHARED_MEANING * (1 - compared.unrelated)
    found = [np.zeros(0, dtype=np.int64)]
    for start in range(0, len(asked), _BLOCK):
        block = asked[start : start + _BLOCK]
        row, column = np.nonzero(compared.vectors[block] @ compared.vectors[known].T >= least)
        keys, _ = _keys(block[row], known[column], count=len(compared.hours), values=np.zeros(len(row), np.float32))
        found.append(keys)
    return np.concatenate(found)


def _cosines(matrix: csr_matrix, one: Indexes, other: Indexes) -> Floats:
    cosines: Floats = np.asarray(matrix[one].multiply(matrix[other]).sum(axis=1), dtype=np.float32).ravel()
    return cosines


def _looked_up(keys: Indexes, found: tuple[Indexes, Floats]) -> Floats:
    at, values = found
    cosines = np.zeros(len(keys), dtype=np.float32)
    cosines[np.searchsorted(keys, at)] = values
    return cosines


def _chances(compared: Compared, one: Indexes, other: Indexes, *, shared: Shared) -> Floats:
    meaning = (_rowwise(compared.vectors, one, other) - compared.unrelated) / (1 - compared.unrelated)
    signals = odds.Signals(
        words=shared.words,
        names=shared.names,
        rare=shared.rare,
        meaning=meaning,
        crowd=np.float32(0.5) * (compared.crowd[one] + compared.crowd[other]),
        told=np.minimum(compared.told[one], compared.told[other]),
        read=np.minimum(1, compared.told[one] + compared.told[other]),
        is_other_amount=_is_other_amount(compared, one, other),
        is_one_publisher=compared.publishers[one] == compared.publishers[other],
        hours=np.abs(compared.hours[one] - compared.hours[other]),
        is_cross=compared.languages[one] != compared.languages[other],
        is_meant=compared.has_vector[one] & compared.has_vector[other],
        is_centred=compared.unrelated == 0,
    )
    return odds.chances(signals)


def _is_other_amount(compared: Compared, one: Indexes, other: Indexes) -> Mask:
    counts = np.diff(compared.amounts.indptr)
    is_other: Mask = (counts[one] > 0) & (counts[other] > 0)
    both = np.flatnonzero(is_other)
    is_other[both] = _cosines(compared.amounts, one[both], other[both]) == 0
    return is_other


def _rowwise(matrix: Floats, one: Indexes, other: Indexes) -> Floats:
    parts = [
        np.einsum("ij,ij->i", matrix[one[start : start + _CHUNK]], matrix[other[start : start + _CHUNK]])
        for start in range(0, len(one), _CHUNK)
    ]
    return np.concatenate([np.zeros(0, dtype=np.float32), *parts]).astype(np.float32)
