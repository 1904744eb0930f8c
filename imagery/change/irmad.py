"""Iteratively reweighted multivariate alteration detection (IR-MAD).

Two dates of the same ground are related by some linear map of their bands, whatever sensor gain,
haze or sun did to either. Canonical correlation finds that relation; what departs from it by more
than the rest of the scene does has changed. Pixels are weighted by their chance of not having
changed, and the relation is found again, until it settles (Nielsen, "The regularized iteratively
reweighted MAD method for change detection in multi- and hyperspectral data", IEEE Transactions on
Image Processing 16(2), 2007). The result does not depend on a linear change of units of any band.

Nothing here is fitted to a data set. The relation has a few dozen numbers, so it is found on at
most ``SAMPLE_PX`` pixels of a regular lattice and then applied to all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from imagery.errors import ChipError
from imagery.resample import usable

SAMPLE_PX = 20_000
MOST_ITERATIONS = 30
MOST_BANDS = 64
_SETTLED = 1e-3
_RIDGE = 1e-6
_LEAST_WEIGHT = 0.02
_QUANTISATION_VARIANCE = 1 / 12

Pixels = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]
Plane = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IrMad:
    """How far each pixel departs from the relation between the dates.

    Attributes:
        statistic: (rows, cols), float32: the sum of the squared standardised MAD variates,
            chi-square with ``bands`` degrees of freedom where nothing changed; 0 in holes.
        variates: (bands, rows, cols), float32: the standardised MAD variates.
        correlations: canonical correlations of the no-change pixels, ascending.
        bands: degrees of freedom.
        iterations: how often the relation was found before it settled.
        settled: whether it did; the statistic of an unsettled one is to be read with care.
    """

    statistic: Plane
    variates: Plane
    correlations: tuple[float, ...]
    bands: int
    iterations: int
    settled: bool


def irmad(before: Pixels, after: Pixels, mask: Mask | None = None) -> IrMad:
    """The IR-MAD statistic of two dates on one grid.

    Args:
        before: (bands, rows, cols), any units.
        after: the same shape.
        mask: (rows, cols), True where both dates hold data; None for everywhere.

    Raises:
        ChipError: the shapes differ, or fewer valid pixels than the relation has numbers.
    """
    mask = checked(before, after, mask)
    lattice = sample(mask)
    x = _columns(before, lattice)
    y = _columns(after, lattice)
    # Bands without any variation carry nothing and would make the covariance singular.
    live = (x.std(axis=1) > 0) & (y.std(axis=1) > 0)
    bands = int(live.sum())
    if bands == 0:
        return _nothing(before.shape)
    x, y = x[live], y[live]
    # Whole numbers cannot say less than a rounding step; equal dates have no other noise.
    noise = _QUANTISATION_VARIANCE if _whole(before) and _whole(after) else 0.0
    relation = _Relation.found(x, y, noise)
    variates = relation.variates(before[live], after[live], mask)
    return IrMad(
        statistic=np.einsum("brc,brc->rc", variates, variates),
        variates=variates,
        correlations=tuple(float(r) for r in relation.correlations),
        bands=bands,
        iterations=relation.iterations,
        settled=relation.settled,
    )


def checked(before: Pixels, after: Pixels, mask: Mask | None) -> Mask:
    """The valid pixels of two arrays that fit each other.

    Values that no measurement can have (``resample.usable``) count as holes.

    Raises:
        ChipError: the arrays do not fit, or hold too little to compare.
    """
    if before.ndim != 3 or before.shape != after.shape:
        raise ChipError(
            f"two dates must have one shape (bands, rows, cols), got {before.shape} and "
            f"{after.shape}; put them on one grid and choose the bands they share"
        )
    if not 1 <= before.shape[0] <= MOST_BANDS:
        raise ChipError(f"{before.shape[0]} bands; change is measured on 1 to {MOST_BANDS}")
    if mask is None:
        mask = np.ones(before.shape[1:], dtype=np.bool_)
    elif mask.shape != before.shape[1:]:
        raise ChipError(f"a mask of {mask.shape} does not fit pixels of {before.shape}")
    mask = mask & usable(before) & usable(after)
    least = 10 * before.shape[0]
    if int(mask.sum()) < least:
        raise ChipError(
            f"only {int(mask.sum())} pixels hold data on both dates; {least} are needed to tell "
            "change from a different exposure"
        )
    return mask


def sample(mask: Mask) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Rows and columns of at most about ``SAMPLE_PX`` valid pixels, evenly spread.

    Every so-many-th valid pixel in reading order, with a step that shares no factor with the width:
    a lattice of whole columns would see one furrow of a ploughed field only.
    """
    flat = np.flatnonzero(mask)
    step = -(-flat.size // SAMPLE_PX)
    while step > 1 and np.gcd(step, mask.shape[1]) > 1:
        step += 1
    rows, cols = np.divmod(flat[::step], mask.shape[1])
    return rows, cols


def _columns(
    pixels: Pixels, at: tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]
) -> npt.NDArray[np.float64]:
    return pixels[:, at[0], at[1]].astype(np.float64)


def _whole(pixels: Pixels) -> bool:
    return pixels.dtype.kind in "iu"


def _nothing(shape: tuple[int, ...]) -> IrMad:
    """No band varies on both dates: nothing can be told, so nothing is claimed to have changed."""
    return IrMad(
        statistic=np.zeros(shape[1:], dtype=np.float32),
        variates=np.zeros((1, *shape[1:]), dtype=np.float32),
        correlations=(0.0,),
        bands=1,
        iterations=0,
        settled=False,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Relation:
    """The settled relation: both dates' means and projections to standardised MAD variates."""

    mean: npt.NDArray[np.float64]
    project: npt.NDArray[np.float64]
    correlations: npt.NDArray[np.float64]
    iterations: int
    settled: bool

    @classmethod
    def found(
        cls, x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], noise: float
    ) -> _Relation:
        """Iterates on (bands, n) samples of both dates."""
        from scipy.linalg import eigh
        from scipy.special import chdtrc

        bands, count = x.shape
        # Units are taken out first, so that the ridge means the same for every sensor.
        both = np.vstack([x, y])
        centre = both.mean(axis=1)
        scale = both.std(axis=1)
        z = (both - centre[:, None]) / scale[:, None]
        weights = np.ones(count)
        last = np.full(bands, -1.0)
        floor = noise / scale**2 + _RIDGE
        settled, iterations = False, 0
        for _ in range(MOST_ITERATIONS):
            iterations += 1
            total = weights.sum()
            mean = (z * weights).sum(axis=1) / total
            deviation = z - mean[:, None]
            covariance = _products(deviation * weights, deviation) / total
            covariance[np.diag_indices(2 * bands)] += _RIDGE
            s_xx = covariance[:bands, :bands]
            s_yy = covariance[bands:, bands:]
            s_xy = covariance[:bands, bands:]
            to_y = np.linalg.solve(s_yy, s_xy.T)
            eigenvalues, a = eigh(s_xy @ to_y, s_xx)
            correlations = np.sqrt(np.clip(eigenvalues, 0.0, 1.0))
            b = to_y @ a
            b /= np.sqrt(np.maximum(np.einsum("ij,ik,kj->j", b, s_yy, b), _RIDGE))
            variance = 2 * (1 - correlations)
            least = (a**2 * floor[:bands, None] + b**2 * floor[bands:, None]).sum(axis=0)
            project = np.hstack([a.T, -b.T]) / np.sqrt(np.maximum(variance, least))[:, None]
            statistic = _squares(project, deviation)
            settled = bool(np.abs(correlations - last).max() < _SETTLED)
            weights = chdtrc(bands, statistic)
            if settled or weights.mean() < _LEAST_WEIGHT:
                # Too few pixels left to call "unchanged": going on would fit the relation to them.
                break
            last = correlations
        return cls(
            mean=centre + mean * scale,
            project=project / scale,
            correlations=correlations,
            iterations=iterations,
            settled=settled,
        )

    def variates(self, before: Pixels, after: Pixels, mask: Mask) -> Plane:
        """All pixels' standardised MAD variates, 0 in holes."""
        bands, rows, cols = before.shape
        project = self.project.astype(np.float32)
        offset = (self.project @ self.mean).astype(np.float32)
        out = np.empty((project.shape[0], rows, cols), dtype=np.float32)
        # By strips: the float copies of both dates stay small whatever the window.
        strip = max(1, 100_000 // cols)
        with np.errstate(invalid="ignore", over="ignore"):
            for top in range(0, rows, strip):
                part = slice(top, min(rows, top + strip))
                pair = np.concatenate([before[:, part], after[:, part]]).astype(np.float32)
                flat = project @ pair.reshape(2 * bands, -1)
                out[:, part] = flat.reshape(-1, *pair.shape[1:]) - offset[:, None, None]
        if not mask.all():
            out[:, ~mask] = 0.0
        return out


_PIECE = 1000
"""Products of so few columns stay on one thread: for matrices this small a pool of threads that
wait for each other takes several times as long where other programs want the processors too."""


def _products(
    left: npt.NDArray[np.float64], right: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """The product of one with the other transposed, by pieces of columns."""
    out = np.zeros((len(left), len(right)))
    for first in range(0, left.shape[1], _PIECE):
        part = slice(first, first + _PIECE)
        out += left[:, part] @ right[:, part].T
    return out


def _squares(
    project: npt.NDArray[np.float64], deviation: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """The sum of the squared projections of every column, by pieces."""
    out = np.empty(deviation.shape[1])
    for first in range(0, len(out), _PIECE):
        part = slice(first, first + _PIECE)
        out[part] = ((project @ deviation[:, part]) ** 2).sum(axis=0)
    return out
