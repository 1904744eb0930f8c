"""Which kept pictures show the same as an asked one.

Features with the same key, or one that differs in the bits in doubt, are compared by their check
bits. Each pair that agrees says where the asked picture would lie on the kept one; pairs of the
same picture that say the same are votes for it. The best are laid over each other (``overlay``),
moved until they fit best, and held to be the same picture if they agree well enough: the fewer
votes, the better.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from imagery.photo.fingerprint.overlay import Kept, Overlays, blurred, overlay
from imagery.photo.fingerprint.print_of import Fingerprint
from imagery.photo.fingerprint.stored import sides_of, sizes_of, thumbs_of
from imagery.photo.fingerprint.words import CHECK_BITS, checks_of, probes
from imagery.photo.seen.shelf import Shelf

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

_MOST_FEATURES = 400_000
"""Features looked at for one picture; the fullest keys, which say least, are left out first."""
_MOST_FLIPS = 6
"""Check bits that may differ, of 26: half of what they differ by between unrelated features."""
_MOST_LAID = 200
_MOST_SINGLE = 150
_MOST_MOVED = 16
_WORTH_MOVING = 0.4
_NEEDED = (0.90, 0.86, 0.80, 0.70)
"""Likeness needed with 1, 2, 3, and 4 or more votes: a single one proves nothing, so the pictures
must then agree as closely as compression allows."""
_TRUSTED = 3
_COVERED = 0.25
_NEEDED_UNCOVERED = 0.88
"""With so many votes a quarter of the overlap may differ (words, a logo, a blot) if the rest is as
alike as that."""
_LEAST_SHARE = 0.25
"""Of either picture, that the other must cover."""
# How far two votes may lie apart: a factor of scale, and a share of the picture's side.
_SCALE_APART, _PLACE_APART = 1.25, 0.08
_SPREAD = 0.15
_STEPS = np.array(list(product((-1, 0, 1), repeat=3)), dtype=np.float32)
"""Of scale, right and down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A kept picture that shows the same.

    Attributes:
        row: its row on the shelf.
        mirrored: whether one is the mirror image of the other.
        likeness: correlation where they overlap, at most 1.
        votes: how many pairs of features agree.
        of_kept: share of the kept picture that the asked one shows.
        of_asked: share of the asked picture that the kept one shows.
        covered: whether they are alike only without a quarter of the overlap.
    """

    row: int
    mirrored: bool
    likeness: float
    votes: int
    of_kept: float
    of_asked: float
    covered: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Candidates:
    rows: Ints
    votes: Ints
    placements: Floats


def matches(shelf: Shelf, asked: Fingerprint) -> tuple[Match, ...]:
    """The pictures on a shelf that show the same as the asked one or its mirror image."""
    if not len(shelf.rows) or not len(asked.x):
        return ()
    best: dict[int, Match] = {}
    for mirrored in (False, True):
        turned = asked.mirrored() if mirrored else asked
        for match in _one_way(shelf, turned, mirrored=mirrored):
            known = best.get(match.row)
            if known is None or match.likeness > known.likeness:
                best[match.row] = match
    return tuple(sorted(best.values(), key=lambda match: (-match.likeness, match.row)))


def _one_way(shelf: Shelf, asked: Fingerprint, *, mirrored: bool) -> list[Match]:
    candidates = _candidates(shelf, asked)
    if not len(candidates.rows):
        return []
    pyramid = blurred(asked)
    heads = shelf.heads[candidates.rows]
    widths, heights = sides_of(heads)
    kept = Kept(thumbs=thumbs_of(heads), widths=widths, heights=heights)
    laid = overlay(asked, pyramid, kept, candidates.placements)
    trusted = candidates.votes >= _TRUSTED
    worth = np.flatnonzero(
        (laid.likeness >= np.where(trusted, _WORTH_MOVING / 2, _WORTH_MOVING))
        & (_shares(laid) >= _LEAST_SHARE * 0.8)
    )
    rank = laid.likeness[worth] + 0.1 * np.minimum(candidates.votes[worth], 5)
    worth = worth[np.argsort(-rank, kind="stable")][:_MOST_MOVED]
    found: list[Match] = []
    for covered in (0.0, _COVERED):
        if not len(worth):
            break
        moved = _moved(
            asked, pyramid, kept.taken(worth), candidates.placements[worth], without=covered
        )
        votes = candidates.votes[worth]
        needed = np.array(_NEEDED)[np.clip(votes, 1, len(_NEEDED)) - 1]
        fits = moved.likeness >= (_NEEDED_UNCOVERED if covered else needed)
        good = fits & (_shares(moved) >= _LEAST_SHARE)
        found += [
            Match(
                row=int(candidates.rows[worth[at]]),
                mirrored=mirrored,
                likeness=float(min(moved.likeness[at], 1.0)),
                votes=int(votes[at]),
                of_kept=float(moved.of_kept[at]),
                of_asked=float(moved.of_asked[at]),
                covered=bool(covered),
            )
            for at in np.flatnonzero(good)
        ]
        worth = worth[~good & trusted[worth]]
    return found


def _shares(laid: Overlays) -> Floats:
    return np.minimum(laid.of_kept, laid.of_asked)


def _candidates(shelf: Shelf, asked: Fingerprint) -> _Candidates:
    """Kept pictures with features like the asked one's, and where it would lie on each."""
    which, feature = _alike(shelf, asked)
    rows = shelf.rows[feature].astype(np.int64)
    checks = shelf.checks[feature]
    own = np.uint32((1 << CHECK_BITS) - 1)
    flips = np.bitwise_count((checks ^ checks_of(asked.codes)[which]) & own).astype(np.int64)
    keep = flips <= _MOST_FLIPS
    which, feature, rows, flips, checks = (
        each[keep] for each in (which, feature, rows, flips, checks)
    )
    widths, heights = sides_of(shelf.heads[rows])
    kept_x = (shelf.places[feature, 0] + np.float32(0.5)) / 256 * widths
    kept_y = (shelf.places[feature, 1] + np.float32(0.5)) / 256 * heights
    scale = sizes_of(checks) / asked.size[which]
    own_x, own_y = asked.x[which], asked.y[which]
    # Where the middle of the asked picture falls tells two votes apart better than its corner.
    middle_x = kept_x + scale * (asked.width / 2 - own_x)
    middle_y = kept_y + scale * (asked.height / 2 - own_y)
    order = np.argsort(rows, kind="stable")
    starts = np.flatnonzero(np.diff(rows[order], prepend=-1))
    counts = np.diff(starts, append=len(order))
    found: list[tuple[int, int, tuple[float, float, float]]] = []
    for start, count in zip(starts[counts > 1], counts[counts > 1], strict=True):
        group = order[start : start + count]
        votes, inner = _agreeing(group, scale, middle_x, middle_y, feature, which)
        placed = _placed(asked, inner, flips, scale, own_x, own_y, kept_x, kept_y)
        found.append((int(rows[group[0]]), votes, placed))
    found.sort(key=lambda each: (-each[1], each[0]))
    del found[_MOST_LAID:]
    # Most are pictures with one feature in common by chance: only the most alike are looked at.
    single = order[starts[counts == 1]]
    single = single[np.argsort(flips[single], kind="stable")][:_MOST_SINGLE]
    placements = np.stack(
        [
            scale[single],
            kept_x[single] - scale[single] * own_x[single],
            kept_y[single] - scale[single] * own_y[single],
        ],
        axis=1,
    )
    several = np.array([placed for _, _, placed in found], dtype=np.float32).reshape(-1, 3)
    return _Candidates(
        rows=np.concatenate([np.array([row for row, _, _ in found], dtype=np.int64), rows[single]]),
        votes=np.array([votes for _, votes, _ in found] + [1] * len(single), dtype=np.int64),
        placements=np.concatenate([several, placements.astype(np.float32)]),
    )


def _alike(shelf: Shelf, asked: Fingerprint) -> tuple[Ints, Ints]:
    """Pairs of an asked feature and a kept one whose keys agree."""
    keys = probes(asked.codes, asked.doubts)
    starts, ends = shelf.ranges(keys.ravel())
    counts = ends - starts
    by_count = np.argsort(counts, kind="stable")
    fits = np.cumsum(counts[by_count]) <= _MOST_FEATURES
    chosen = by_count[fits & (counts[by_count] > 0)]
    counts, starts = counts[chosen], starts[chosen]
    total = int(counts.sum())
    within = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
    which = np.repeat(chosen // keys.shape[1], counts)
    return which.astype(np.int64), np.repeat(starts, counts) + within


def _agreeing(
    group: Ints, scale: Floats, x: Floats, y: Floats, feature: Ints, which: Ints
) -> tuple[int, Ints]:
    """The largest set of pairs that place the asked picture alike, and how many features it has."""
    group = group[:64]
    s, mx, my = scale[group], x[group], y[group]
    apart = np.maximum(np.abs(mx[:, None] - mx), np.abs(my[:, None] - my))
    same = (np.abs(np.log(s[:, None] / s)) <= np.log(_SCALE_APART)) & (apart <= _PLACE_APART)
    inner = group[same[int(np.argmax(same.sum(axis=1)))]]
    return min(len(np.unique(feature[inner])), len(np.unique(which[inner]))), inner


def _placed(
    asked: Fingerprint,
    inner: Ints,
    flips: Ints,
    scales: Floats,
    own_x: Floats,
    own_y: Floats,
    kept_x: Floats,
    kept_y: Floats,
) -> tuple[float, float, float]:
    """Scale, right and down that fit the pairs best."""
    if len(inner) == 1:
        at = int(inner[0])
        scale = float(scales[at])
        return (
            scale,
            float(kept_x[at]) - scale * float(own_x[at]),
            float(kept_y[at]) - scale * float(own_y[at]),
        )
    weight = 1.0 / (1.0 + flips[inner])
    weight = weight / weight.sum()
    ax, ay = float(own_x[inner] @ weight), float(own_y[inner] @ weight)
    bx, by = float(kept_x[inner] @ weight), float(kept_y[inner] @ weight)
    dx, dy = own_x[inner] - ax, own_y[inner] - ay
    spread = float((dx * dx + dy * dy) @ weight)
    # The pairs' own sizes decide where they lie too close together to say how large it is.
    scale = float(np.exp(np.log(scales[inner]) @ weight))
    if spread > (_SPREAD * min(asked.width, asked.height)) ** 2:
        fitted = float((dx * (kept_x[inner] - bx) + dy * (kept_y[inner] - by)) @ weight) / spread
        if scale / _SCALE_APART < fitted < scale * _SCALE_APART:
            scale = fitted
    return scale, bx - scale * ax, by - scale * ay


def _moved(
    asked: Fingerprint,
    pyramid: tuple[Floats, ...],
    kept: Kept,
    placements: Floats,
    *,
    without: float,
) -> Overlays:
    """The best fit of each near where its features put it."""
    count, number = len(placements), len(_STEPS)
    repeated = kept.taken(np.repeat(np.arange(count), number))
    best: Overlays | None = None
    for step in (1.0, 0.5, 0.25):
        scale = placements[:, None, 0] * (1 + 0.05 * step * _STEPS[:, 0])
        # About the middle of the asked picture: its corner stays where it is only by moving.
        lost = (placements[:, None, 0] - scale) / 2
        right = placements[:, None, 1] + 0.03 * step * _STEPS[:, 1] + lost * asked.width
        down = placements[:, None, 2] + 0.03 * step * _STEPS[:, 2] + lost * asked.height
        tried = np.stack([scale, right, down], axis=2).reshape(-1, 3).astype(np.float32)
        laid = overlay(asked, pyramid, repeated, tried, without=without)
        top = np.argmax(laid.likeness.reshape(count, number), axis=1) + np.arange(count) * number
        placements = tried[top]
        best = Overlays(
            likeness=laid.likeness[top], of_kept=laid.of_kept[top], of_asked=laid.of_asked[top]
        )
    assert best is not None
    return best
