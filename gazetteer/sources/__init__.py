"""One file per source of places or outlines.

Looked up by key as they are: ``table``, the analyst's CSV; ``builtin``, world cities, no download.
Outlines: ``geojson``, of countries and border lines from a file; ``outlines``, out of the box.

Readers, which give the rows of any source one after the other (``record``); ``open`` picks one by
``recognise``:

``geonames`` with ``geonames_names``; ``gns``; ``whosonfirst``; ``linked_places``, ``lp_tsv``;
``world``, the built-in cities as rows; ``delimited``, tables of any layout, with ``columns`` and
``row_maker``; ``vector``: GeoJSON, GeoPackage and Shapefile; ``kml``, ``kmz``; ``online/``, asked
for single names, and downloads. All of them pass through ``review``: what cannot be a name goes
(``clean``), codes are marked (``codes``), swapped axes noticed (``axes``). ``given_file`` reads one
for a single question.

Under them: ``unpack``, bytes within limits; ``lines``; ``decoding``, lines of letters, with
``text_guess``; ``shape_text``, those of Shapefiles; ``json_text``, ``json_stream``;
``feature_files``; ``cells``; ``dates``; ``outline``; ``quick``; ``keyed``, places found by key.
"""
