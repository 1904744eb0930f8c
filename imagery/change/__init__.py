"""What changed between two dates: significance, connected patches, new outlines.

Reading order::

    irmad.py       the statistic: how unlike the usual relation of two dates a pixel is
    threshold.py   where change begins, without labels
    radiometry.py  one date in the other's units, fitted on what did not change
    composites.py  the same question with several dates on each side
    windows.py     local means and spreads that leave holes out
    outlines.py    enclosures and berms of a few pixels, before and after
    patches.py     connected pieces: where, how large, what shape
    map.py         change_map: two chips in, significance and ranked patches out
    roc.py         measured rates (change_roc.toml) to a likelihood ratio

Chips must lie on one grid and be aligned (``imagery.register``). Everything works on windows, so
that a region of any size can be walked in pieces.
"""

from __future__ import annotations

from imagery.change.composites import CompositeChange, composite_change
from imagery.change.irmad import IrMad, irmad
from imagery.change.map import ChangeMap, change_map
from imagery.change.patches import Patch
from imagery.change.radiometry import RadiometricFit, radiometric_fit
from imagery.change.roc import Roc, read_roc

__all__ = [
    "ChangeMap",
    "CompositeChange",
    "IrMad",
    "Patch",
    "RadiometricFit",
    "Roc",
    "change_map",
    "composite_change",
    "irmad",
    "radiometric_fit",
    "read_roc",
]
