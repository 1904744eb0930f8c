"""The report that an analyst hands on: a page for people, JSON for programs, layers for maps.

Reading order::

    values.py        the small values: positions, intervals, pictures
    claim_model.py   a claim and its verdict
    picture_model.py what it says of photos and satellite pictures
    model.py         what a report holds, as pydantic models
    schema.py        what report.schema.json, made from them, says beyond them
    text.py          numbers, positions and hostile strings in plain, safe words
    phrasing.py      claims, verdicts and evidence in sentences
    svg.py           one drawn element, escaped
    marks.py         colours and signs
    labels.py        where a label finds room
    frame.py         which part of the earth the map shows, and its projection to the page
    furniture.py     grid, scale bar, north arrow, legend
    map_svg.py       the map
    figures.py       the distribution of a distance against what was claimed
    html.py          the page: templates/report.html.j2 and report.css around the drawings
    dateline.py      shapes cut where a map ends
    outline.py       the ground that holds a place with 95 % probability, as polygons
    layers.py        the report as map layers
    layer_styles.py  how QGIS draws them
    geopackage.py    the layers as case.gpkg
    write.py         all three files into a folder, all or nothing

Import from the files themselves; nothing is loaded here, so that the command line stays quick.
"""
