"""The ways people write a position, one file each.

Reading order::

    plain       characters made plain, and how a text is refused
    degrees     decimal degrees; degrees and minutes; degrees, minutes, seconds
    utm         zone, easting, northing
    mgrs        military grid squares
    plus_code   Plus Codes (Open Location Code)
    geo_uri     ``geo:`` URIs
    wkt         WKT and GeoJSON points
    links/      links of map services, one file per service or family of services
    registry    all of them in the order in which they are tried

Each has ``claims(text)``, whether a text has the form of the notation, and ``read(text)``, which
gives the position or says what is wrong. Most also have ``write(position)``.
``gazetteer.position`` is the way in.
"""
