"""The gazetteer on disk: a GeoPackage that other programs open, and its name index beside it.

::

    from gazetteer.database import Database, add

    add(folder, reader)                     # all of a source, or nothing
    with Database.open(folder) as database:
        database.lookup(fold_key=fold("al-Tanf"))
"""

from gazetteer.database.build import Added, Progress, add, reindex
from gazetteer.database.database import Database, Linked, Nearby
from gazetteer.database.place_rows import Stored

__all__ = ["Added", "Database", "Linked", "Nearby", "Progress", "Stored", "add", "reindex"]
