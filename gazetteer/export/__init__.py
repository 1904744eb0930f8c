"""The gazetteer on disk given out again, as files that other programs open.

Reading order::

    selection      which places are asked for
    rows           the places out of the database, one after the other
    geojson        one file per format: GeoJSON,
    linked_places  Linked Places Format,
    geonames       tab-separated columns as GeoNames has them,
    layer          and a GeoPackage of one layer
    write          a file name to its format; whole or not at all

Every format says whose the rows are. What is written is read back by ``sources.open`` to the same
names, kinds and positions, but for what a format cannot say, which is counted.
"""

from gazetteer.export.selection import Selection
from gazetteer.export.write import FORMATS, Written, export, format_of

__all__ = ["FORMATS", "Selection", "Written", "export", "format_of"]
