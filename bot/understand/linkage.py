"""Average linkage over a sparse graph: groups whose members are on average alike enough."""

import heapq
from collections.abc import Iterable, Sequence

Edge = tuple[int, int, float]
"""Two members and how like they are; a negative likeness keeps them apart."""

APART = -1.0
"""Likeness of two that must stay apart: it outweighs one pair that is surely alike."""


def merge(
    groups: Sequence[Sequence[int]], edges: Iterable[Edge], *, at_least: float, fixed: int = 0
) -> list[list[int]]:
    """
    Return *groups* merged, the likest first, while the average likeness across two groups is *at_least* so much.

    Pairs without an edge count as 0. No two of the first *fixed* groups are merged. A merged
    group stands at the place of its first; ties go to the groups that come first.
    """
    members = {index: list(group) for index, group in enumerate(groups)}
    links = _links(groups, edges)
    pairs = ((one, other, total) for one in links for other, total in links[one].items() if one < other)
    # What is not alike enough now may be so after a merge, which enters it anew.
    heap = [entry for pair in pairs if -(entry := _entry(*pair, members))[0] >= at_least]
    heapq.heapify(heap)
    while heap:
        _, one, other, sizes = heapq.heappop(heap)
        is_current = one in members and other in members and sizes == len(members[one]) + len(members[other])
        if not is_current or other < fixed:
            continue
        members[one] += members.pop(other)
        _relink(links, one, other)
        for third, total in links[one].items():
            entry = _entry(min(one, third), max(one, third), total, members)
            if -entry[0] >= at_least:
                heapq.heappush(heap, entry)
    return [members[index] for index in sorted(members)]


def _links(groups: Sequence[Sequence[int]], edges: Iterable[Edge]) -> dict[int, dict[int, float]]:
    group_of = {member: index for index, group in enumerate(groups) for member in group}
    links: dict[int, dict[int, float]] = {index: {} for index in range(len(groups))}
    for one, other, likeness in edges:
        left, right = group_of[one], group_of[other]
        if left != right:
            links[left][right] = links[right][left] = links[left].get(right, 0.0) + likeness
    return links


def _entry(one: int, other: int, total: float, members: dict[int, list[int]]) -> tuple[float, int, int, int]:
    sizes = len(members[one]), len(members[other])
    # Rounded, so that the order in which floats were added cannot decide a tie.
    return -round(total / (sizes[0] * sizes[1]), 6), one, other, sum(sizes)


def _relink(links: dict[int, dict[int, float]], one: int, other: int) -> None:
    """Give the links of *other* to *one*."""
    for third, total in links.pop(other).items():
        del links[third][other]
        if third != one:
            links[one][third] = links[third][one] = links[one].get(third, 0.0) + total
