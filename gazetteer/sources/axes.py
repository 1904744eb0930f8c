"""Whether the points of a source lie where it says only when latitude and longitude are swapped."""

from __future__ import annotations

from collections.abc import Sequence

LEAST_SHARE = 0.1
"""From which share on it is told; a judgement: no reason but a swap puts a tenth of the rows into
their countries that way."""

MOST_POINTS = 1_000
"""How many points are looked at, evenly over the source."""


class PointSample:
    """Some points with their countries out of many, evenly, without knowing how many there are."""

    def __init__(self) -> None:
        self._points: list[tuple[float, float, str]] = []
        self._seen = 0
        self._step = 1

    def add(self, *, lon: float, lat: float, country: str) -> None:
        """Take a point into account."""
        if self._seen % self._step == 0:
            self._points.append((lon, lat, country))
            if len(self._points) >= 2 * MOST_POINTS:
                self._points = self._points[::2]
                self._step *= 2
        self._seen += 1

    def warning(self) -> str:
        """What there is to say of swapped axes, "" if nothing."""
        return swapped_axes(self._points, sampled=self._step > 1)


def swapped_axes(points: Sequence[tuple[float, float, str]], *, sampled: bool = False) -> str:
    """A sentence that says for how many points the axes look swapped, "" for too few.

    Args:
        points: longitude, latitude and ISO 3166-1 alpha-2 code of each.
        sampled: the points are some out of many.
    """
    if not points:
        return ""
    from gazetteer.sources.outlines import countries_at

    if len(points) > 2 * MOST_POINTS:
        points, sampled = points[:: -(-len(points) // MOST_POINTS)], True
    lons, lats, codes = zip(*points, strict=True)
    open_ones = [
        at
        for at, (found, code) in enumerate(zip(countries_at(lons, lats), codes, strict=True))
        # What is beyond 90 can be no latitude.
        if found != code and abs(lons[at]) <= 90
    ]
    if not open_ones:
        return ""
    turned = countries_at([lats[at] for at in open_ones], [lons[at] for at in open_ones])
    count = sum(found == codes[at] for at, found in zip(open_ones, turned, strict=True))
    share = count / len(points)
    if share < LEAST_SHARE:
        return ""
    of = f"{len(points):,} of the rows" if sampled else "the rows"
    return (
        f"{100 * share:.0f} % of {of} that name a country lie in it only when latitude and "
        "longitude are swapped; check which is which, nothing was swapped"
    )
