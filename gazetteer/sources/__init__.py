"""One file per source of places or outlines.

Looked up by key as they are: ``table``, the analyst's CSV; ``builtin``, world cities, no download.
Outlines: ``geojson``, of countries and border lines from a file; ``outlines``, out of the box.

Readers, which give the rows of any source one after the other (``record``); ``open`` picks one by
``recognise``:

``geonames`` with ``geonames_names``; ``gns``; ``whosonfirst``; ``linked_places``, ``lp_tsv``;
``world``, the built-in cities as rows; ``delimited``, tables of any layout, with ``columns`` and
``row_maker``; ``vector``: GeoJSON, GeoPackage and Shapefile; ``kml``, ``kmz``; ``online/``, asked
for single names, and downloads.

Under them: ``unpack``, bytes within limits; ``lines``; ``json_stream``; ``feature_files``;
``text_guess``; ``cells``; ``dates``; ``outline``; ``quick``.
"""
