import numpy as np

from bot.model.event import Dossier
from bot.ports.vectors import Vector
from bot.rank.likeness import Likeness
from tests.unit.rank.weeks import an_event

CROW, AGAIN = an_event("A crow on the fence"), an_event("A crow on the fence again")
CHINESE, FLOUR = an_event("乌鸦在篱笆上", language="zh"), an_event("Bakers count flour")


def vectors_of(dossiers: list[Dossier], rows: list[list[float]]) -> dict[str, Vector]:
    return {
        dossier.articles[0].id: np.array(row, dtype=np.float32) for dossier, row in zip(dossiers, rows, strict=True)
    }


def test_equal_words_are_near_and_other_words_are_not() -> None:
    likeness = Likeness([CROW, AGAIN, FLOUR], {})

    assert likeness.between(0, 1) > 0.8
    assert likeness.between(0, 2) == 0
    assert likeness.between(1, 0) == likeness.between(0, 1)


def test_meanings_are_compared_across_languages_without_what_all_share() -> None:
    others = {f"a{number}": np.array([0.9, 0.0, -0.1 + number / 100], dtype=np.float32) for number in range(20)}
    near = vectors_of([CROW, CHINESE, FLOUR], [[0.9, 0.4, 0.0], [0.9, 0.41, 0.0], [0.9, -0.4, 0.0]])

    likeness = Likeness([CROW, CHINESE, FLOUR], near | others)

    assert likeness.between(0, 1) > 0.95
    assert likeness.between(0, 2) == 0


def test_a_handful_of_vectors_is_not_compared() -> None:
    near = vectors_of([CROW, CHINESE], [[0.9, 0.1], [0.9, 0.1]])

    assert Likeness([CROW, CHINESE], near).between(0, 1) == 0
