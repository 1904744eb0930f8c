"""What pictures show of a case.

::

    photos.py    its photos, each beside its caption
    imagery.py   satellite and aerial chips of its places: local rasters, then tiles
    tiles.py     which tile servers are asked, for which days, and what could not be reached
"""
