"""Group touching blocks into contiguous parts of even weight (METIS, then mending). Weights are households; no CRS."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pymetis
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.blocks import Bools, Borders, Floats, Ints, totals
from geo.errors import OutsideRange

MAX_MOVES = 400


@dataclass(frozen=True)
class BlockGraph:
    """Blocks with their `weight` and the `borders` between them."""

    weight: Ints
    borders: Borders

    def __len__(self) -> int:
        return len(self.weight)


@dataclass(frozen=True, order=True)
class Score:
    """How bad a partition is; smaller is better, the first that differs decides."""

    outside_bounds: float
    across_main: int
    cost: int


def partition(
    graph: BlockGraph, parts: int, *, bounds: tuple[float, float], seeds: int, seed: int = 0
) -> tuple[Ints, Score]:
    """Split `graph` into `parts` contiguous groups with weights within `bounds`; the best of `seeds` tries.

    Returns: a label per block, 0 … parts-1 without holes (fewer when there are fewer blocks), and its score.
    """
    if parts <= 1 or len(graph) <= parts:
        label = np.arange(len(graph)) if parts > 1 else np.zeros(len(graph), dtype=np.int64)
        return label, score(graph, label, bounds)
    tries = [_attempt(graph, parts, bounds, seed + number) for number in range(seeds)]
    best = min(range(seeds), key=lambda number: (tries[number][1], number))
    return tries[best]


def divide(graph: BlockGraph, shares: Floats, *, seed: int = 0, tries: int = 4) -> Ints:
    """Split `graph` into one contiguous group per share of the weight; shares sum to 1. The cheapest borders win.

    Returns: a label per block; every label occurs. Raises: OutsideRange when there are fewer blocks than shares.
    """
    if len(graph) < len(shares):
        raise OutsideRange(f"{len(graph)} blocks can't make {len(shares)} groups")
    if len(shares) == 1:
        return np.zeros(len(graph), dtype=np.int64)
    found = [
        contiguous(graph, _metis(graph, len(shares), seed + number, shares=shares, slack=60)) for number in range(tries)
    ]
    return _split_heaviest(graph, min(found, key=lambda label: _loss(graph, label, shares)), len(shares))


def _loss(graph: BlockGraph, label: Ints, shares: Floats) -> tuple[int, int]:
    """Groups that are missing or far from any wanted weight, then what the borders cost."""
    held = np.sort(totals(label, graph.weight, len(shares))) / max(1, graph.weight.sum())
    off = np.abs(held / np.sort(shares) - 1) > 0.25
    return int(off.sum()), score(graph, label, (0, np.inf)).cost


def _split_heaviest(graph: BlockGraph, label: Ints, groups: int) -> Ints:
    """Halve the heaviest group until there are as many as wanted; METIS may leave some empty."""
    label = label.copy()
    while (count := int(label.max()) + 1) < groups:
        size = np.bincount(label)
        heavy = int(np.argmax(np.where(size > 1, totals(label, graph.weight, count), -1)))
        members = np.flatnonzero(label == heavy)
        halves = contiguous(subgraph(graph, members), _metis(subgraph(graph, members), 2, 0, slack=200))
        label[members[halves > 0 if halves.any() else _leaf(graph, members)]] = count
    return label


def _leaf(graph: BlockGraph, members: Ints) -> Bools:
    """One block without which its group stays whole."""
    label = np.zeros(len(graph), dtype=np.int64)
    label[members] = 1
    leaf = next(block for block in members if _stays_whole(graph, label, int(block)))
    return np.asarray(members == leaf)


def subgraph(graph: BlockGraph, members: Ints) -> BlockGraph:
    """The blocks `members` (sorted), numbered anew, and the borders among them."""
    place = np.full(len(graph), -1, dtype=np.int64)
    place[members] = np.arange(len(members))
    old = graph.borders
    kept = (place[old.left] >= 0) & (place[old.right] >= 0)
    inner = Borders(place[old.left[kept]], place[old.right[kept]], old.cost[kept], old.length_m[kept], old.open[kept])
    return BlockGraph(graph.weight[members], inner)


def score(graph: BlockGraph, label: Ints, bounds: tuple[float, float]) -> Score:
    """How far group weights lie outside `bounds`, how much weight a main road cuts off, what the borders cost."""
    weight = totals(label, graph.weight, 0)
    outside = np.maximum(0, weight - bounds[1]) + np.maximum(0, bounds[0] - weight)
    crossed = graph.borders.cost[label[graph.borders.left] != label[graph.borders.right]]
    return Score(float(outside.sum()), across_main(graph, label), int(crossed.sum()))


def across_main(graph: BlockGraph, label: Ints) -> int:
    """Weight that lies in its group across a main road from the group's larger side."""
    same = label[graph.borders.left] == label[graph.borders.right]
    side = _components(graph, same & graph.borders.open)
    sides = totals(side, graph.weight, 0)
    group_of_side = np.zeros(len(sides), dtype=np.int64)
    group_of_side[side] = label
    largest = np.zeros(label.max() + 1)
    np.maximum.at(largest, group_of_side, sides)
    return int(graph.weight.sum() - largest.sum())


def _attempt(graph: BlockGraph, parts: int, bounds: tuple[float, float], seed: int) -> tuple[Ints, Score]:
    room = bounds[1] * parts / max(1, graph.weight.sum()) - 1
    slack = int(1000 * max(0.02, room * (0.3 + 0.6 * (seed % 3) / 2)))
    label = contiguous(graph, _metis(graph, parts, seed, slack=slack))
    label = level(graph, label, bounds)
    return label, score(graph, label, bounds)


def _metis(graph: BlockGraph, parts: int, seed: int, *, slack: int, shares: Floats | None = None) -> Ints:
    ends = np.concatenate([graph.borders.left, graph.borders.right])
    others = np.concatenate([graph.borders.right, graph.borders.left])
    order = np.lexsort((others, ends))
    starts = np.concatenate([[0], np.cumsum(np.bincount(ends, minlength=len(graph)))])
    _, label = pymetis.part_graph(
        parts,
        pymetis.CSRAdjacency(starts, others[order]),
        vweights=graph.weight,
        eweights=np.tile(graph.borders.cost, 2)[order],
        tpwgts=None if shares is None else list(shares),
        recursive=seed % 2 == 0,
        options=pymetis.Options(seed=seed, ufactor=max(1, slack)),
    )
    return np.unique(np.asarray(label), return_inverse=True)[1].astype(np.int64)


def _components(graph: BlockGraph, kept: Bools) -> Ints:
    left, right = graph.borders.left[kept], graph.borders.right[kept]
    links = coo_array((np.ones(len(left)), (left, right)), shape=(len(graph), len(graph)))
    return np.asarray(connected_components(links, directed=False)[1], dtype=np.int64)


def contiguous(graph: BlockGraph, label: Ints) -> Ints:
    """Give every fragment that lies apart from its group's heaviest piece to the group it borders most."""
    label = label.copy()
    for _ in range(len(graph)):
        piece = _components(graph, label[graph.borders.left] == label[graph.borders.right])
        strays = _stray_pieces(graph, label, piece)
        if not len(strays):
            break
        _hand_over(graph, label, piece == strays[0])
    return np.unique(label, return_inverse=True)[1].astype(np.int64)


def _stray_pieces(graph: BlockGraph, label: Ints, piece: Ints) -> Ints:
    """Pieces that are not their group's heaviest, lightest first."""
    weight = totals(piece, graph.weight, 0)
    group = np.zeros(len(weight), dtype=np.int64)
    group[piece] = label
    order = np.lexsort((-weight, group))
    stray = order[1:][group[order[1:]] == group[order[:-1]]]
    return np.asarray(stray[np.argsort(weight[stray], kind="stable")])


def _hand_over(graph: BlockGraph, label: Ints, members: Bools) -> None:
    left, right = members[graph.borders.left], members[graph.borders.right]
    outward = left != right
    beyond = np.where(left[outward], graph.borders.right[outward], graph.borders.left[outward])
    if len(beyond):
        label[members] = np.argmax(np.bincount(label[beyond], weights=graph.borders.cost[outward]))
    else:
        label[members] = label.max() + 1


def level(graph: BlockGraph, label: Ints, bounds: tuple[float, float]) -> Ints:
    """Move blocks between neighbouring groups, one at a time, until every weight is within `bounds` or none helps."""
    label = label.copy()
    weight = totals(label, graph.weight, 0)
    for _ in range(MAX_MOVES):
        if weight.max() <= bounds[1] and weight.min() >= bounds[0]:
            break
        move = _best_move(graph, label, weight)
        if move is None:
            break
        block, goal = move
        weight[label[block]] -= graph.weight[block]
        weight[goal] += graph.weight[block]
        label[block] = goal
    return label


def _best_move(graph: BlockGraph, label: Ints, weight: Floats) -> tuple[int, int] | None:
    """The move that evens out two groups most (least sum of squares) and keeps the giving group in one piece."""
    block = np.concatenate([graph.borders.left, graph.borders.right])
    goal = label[np.concatenate([graph.borders.right, graph.borders.left])]
    load = graph.weight[block]
    gain = load * (weight[label[block]] - weight[goal] - load)
    useful = (label[block] != goal) & (gain > 0)
    for number in np.argsort(-gain[useful], kind="stable"):
        candidate = int(block[useful][number])
        if _stays_whole(graph, label, candidate):
            return candidate, int(goal[useful][number])
    return None


def _stays_whole(graph: BlockGraph, label: Ints, block: int) -> bool:
    rest = label == label[block]
    rest[block] = False
    if not rest.any():
        return False
    piece = _components(graph, rest[graph.borders.left] & rest[graph.borders.right])
    return len(np.unique(piece[rest])) == 1
