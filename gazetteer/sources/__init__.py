"""One file per source of places or outlines.

``table``: the analyst's CSV. ``builtin``: world cities, no download. ``geojson``: country outlines
and border lines from a file. ``outlines``: country outlines out of the box.
"""
