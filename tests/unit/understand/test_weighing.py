import math
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model.words import words
from bot.understand import counting, features, weighing

TERMS = st.lists(
    st.lists(st.sampled_from(["ombrel", "cloud", "fund", "模型", "#40"]), max_size=9), min_size=1, max_size=9
)


def plain_weights(documents: Sequence[Sequence[str]]) -> list[dict[str, float]]:
    """Weigh as the textbook says: tempered count times rarity, each document of length 1."""
    held = Counter(term for terms in documents for term in set(terms))
    rarity = {term: math.log((1 + len(documents)) / (1 + count)) + 1 for term, count in held.items()}
    found = []
    for terms in documents:
        weights = {term: (1 + math.log(count)) * rarity[term] for term, count in Counter(terms).items()}
        length = math.sqrt(sum(weight**2 for weight in weights.values()))
        found.append({term: weight / length for term, weight in weights.items()})
    return found


def plain_products(weights: Sequence[dict[str, float]]) -> list[list[float]]:
    """Multiply each with each other one; a document with itself is nobody's business."""
    return [
        [0 if one is other else sum(one[term] * other[term] for term in one.keys() & other.keys()) for other in weights]
        for one in weights
    ]


def products(weighed: weighing.Weighed) -> list[list[float]]:
    matrix = (weighed.matrix @ weighed.matrix.T).toarray()
    np.fill_diagonal(matrix, 0)
    found: list[list[float]] = matrix.tolist()
    return found


@settings(max_examples=40, deadline=None)
@given(TERMS)
def test_products_are_those_of_the_textbook(documents: list[list[str]]) -> None:
    weighed = weighing.weigh(counting.of_terms(documents))

    assert products(weighed) == [pytest.approx(row, abs=1e-5) for row in plain_products(plain_weights(documents))]


def test_pairs_of_neighbours_count_as_if_each_were_spelled() -> None:
    random = Random(7)
    texts = [" ".join(random.choices(["the", "ombrel", "cloud", "fund", "1.9", "模型训练"], k=8)) for _ in range(60)]
    spelled = []
    for text in texts:
        told = [word for word in words(text) if word != "the"]
        spelled.append(told + [f"{one} {two}" for one, two in pairwise(told)])

    counted = weighing.weigh(features.count_words([[text] for text in texts]))

    assert products(counted) == [
        pytest.approx(row, abs=1e-5) for row in products(weighing.weigh(counting.of_terms(spelled)))
    ]


def test_pair_of_neighbours_is_spelled_with_a_space() -> None:
    counted = features.count_words([["the ombrel cloud"], ["ombrel of cloud"]])

    assert weighing.weigh(counted).shared(0, 1) == ["cloud", "ombrel", "ombrel cloud"]


def test_shared_terms_come_with_the_rarest_first() -> None:
    weighed = weighing.weigh(
        counting.of_terms([["model", "corvid"], ["model", "corvid"], ["model"], ["model", "fund"]])
    )

    assert weighed.shared(0, 1) == ["corvid", "model"]


def test_word_of_every_tenth_document_tells_nothing() -> None:
    weighed = weighing.weigh(counting.of_terms([["model", "corvid"]] * 2 + [["model"]] * 60))

    assert weighed.shared(0, 1) == ["corvid"]


def test_name_of_few_documents_counts_more_than_one_of_many() -> None:
    rare = weighing.weigh_rare(counting.of_terms([["ombrel", "cloud"], ["ombrel"], ["cloud"], ["cloud"], ["cloud"]]))
    matrix = (rare.matrix @ rare.matrix.T).toarray()

    assert matrix[0, 1] > matrix[0, 2] > 0


def test_no_words_at_all_are_like_nothing() -> None:
    assert weighing.weigh(counting.of_terms([[], []])).shared(0, 1) == []
    assert weighing.weigh(features.count_words([[], [""]])).shared(0, 1) == []
