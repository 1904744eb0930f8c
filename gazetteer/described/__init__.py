"""A locality description to the ground it allows: "70 km northeast of Tanf", "outskirts of Soussa".

Reading order::

    tree        what a description can say, as dataclasses
    quantity    distances as people write them
    parse       text to tree
    precision   how exact a stated distance, direction or coordinate is; the published conventions
    shapes      pieces of ground that say how much of a cell lies in them
    anchors     what the parts of a description stand on: readings of names, areas, borders, lines
    regions     tree to regions, one for each reading of its names
    offsets     distances and directions from a place
    lines       between, along, on a border
    lookup      text to candidates like those of any other name

English only. Nothing is looked up here: names, borders and roads come from what the caller passes.
"""
