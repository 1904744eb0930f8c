"""The gazetteer on disk: a GeoPackage that other programs open, and its name index beside it.

::

    from gazetteer.database import Database, add

    add(folder, reader)                     # all of a source, or nothing
    add_all(folder, [Addition(reader=one), Addition(reader=other)])
    with Database.open(folder) as database:
        database.lookup(fold_key=fold("al-Tanf"))
"""

from gazetteer.database.addition import CAN_BE_SAID, Added, Addition
from gazetteer.database.build import add, add_all, describe, reindex, remove
from gazetteer.database.database import Database, Linked, Nearby, sources_of
from gazetteer.database.filling import Progress
from gazetteer.database.place_rows import Stored

__all__ = [
    "CAN_BE_SAID",
    "Added",
    "Addition",
    "Database",
    "Linked",
    "Nearby",
    "Progress",
    "Stored",
    "add",
    "add_all",
    "describe",
    "reindex",
    "remove",
    "sources_of",
]
