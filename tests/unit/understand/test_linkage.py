from bot.understand import linkage


def test_likest_groups_are_merged_first() -> None:
    merged = linkage.merge([[0], [1], [2]], [(0, 1, 0.5), (1, 2, 0.9)], at_least=0.4)

    assert merged == [[0], [1, 2]]


def test_chain_does_not_pull_strangers_together() -> None:
    edges = [(0, 1, 0.9), (1, 2, 0.5), (2, 3, 0.9)]

    assert linkage.merge([[0], [1], [2], [3]], edges, at_least=0.4) == [[0, 1], [2, 3]]


def test_negative_likeness_keeps_groups_apart() -> None:
    edges = [(0, 1, 0.9), (0, 2, 0.9), (1, 2, -1.0)]

    assert linkage.merge([[0], [1], [2]], edges, at_least=0.4) == [[0, 1], [2]]


def test_fixed_groups_stay_apart_however_alike() -> None:
    assert linkage.merge([[0], [1], [2]], [(0, 1, 1.0), (1, 2, 0.9)], at_least=0.4, fixed=2) == [[0], [1, 2]]
