"""One date in the other's units, fitted on what did not change.

Bands of two dates are related by gain and offset where the ground is the same. The line is the
reduced major axis (orthogonal in units of each date's spread), since both dates are noisy, with
pixels weighted by their chance of no change (after Canty and Nielsen, "Automatic radiometric
normalization of multitemporal satellite imagery with the iteratively re-weighted MAD
transformation", Remote Sensing of Environment 112(3), 2008).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imagery.change.irmad import IrMad, Mask, Pixels, Plane, checked, sample


@dataclass(frozen=True, slots=True, kw_only=True)
class RadiometricFit:
    """after = gain x before + offset, band by band.

    Attributes:
        gain: one number a band; 1 for a band that does not vary.
        offset: in the units of the later date.
        correlation: of the no-change pixels; where it is small only means and spreads were matched.
    """

    gain: tuple[float, ...]
    offset: tuple[float, ...]
    correlation: tuple[float, ...]

    def applied(self, before: Pixels) -> Plane:
        """The earlier date in the units of the later one, float32."""
        gain = np.array(self.gain, dtype=np.float32)[:, None, None]
        offset = np.array(self.offset, dtype=np.float32)[:, None, None]
        return before.astype(np.float32) * gain + offset


def radiometric_fit(
    before: Pixels, after: Pixels, statistic: IrMad, mask: Mask | None = None
) -> RadiometricFit:
    """The line between two dates on the pixels that IR-MAD holds for unchanged.

    Raises:
        ChipError: as ``irmad``.
    """
    from scipy.special import chdtrc

    at = sample(checked(before, after, mask))
    weights = chdtrc(statistic.bands, statistic.statistic[at].astype(np.float64)) + 1e-9
    gains, offsets, correlations = [], [], []
    for x, y in zip(before[:, at[0], at[1]], after[:, at[0], at[1]], strict=True):
        x, y = x.astype(np.float64), y.astype(np.float64)
        mean_x, mean_y = np.average(x, weights=weights), np.average(y, weights=weights)
        s_xx = np.average((x - mean_x) ** 2, weights=weights)
        s_yy = np.average((y - mean_y) ** 2, weights=weights)
        s_xy = np.average((x - mean_x) * (y - mean_y), weights=weights)
        correlation = float(s_xy / np.sqrt(s_xx * s_yy)) if s_xx > 0 and s_yy > 0 else 0.0
        gain = float(np.sqrt(s_yy / s_xx)) if s_xx > 0 and s_yy > 0 else 1.0
        gains.append(gain)
        offsets.append(float(mean_y - gain * mean_x))
        correlations.append(correlation)
    return RadiometricFit(gain=tuple(gains), offset=tuple(offsets), correlation=tuple(correlations))
