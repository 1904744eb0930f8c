"""Has this picture been seen before, under another caption, place or date?

Reading order: ``entry`` (what is kept and returned), ``shelf`` (the index), ``matching`` (which
pictures show the same), ``book`` (the database), ``archive`` (all of it in a folder).
"""

from imagery.photo.seen.archive import Archive, default_folder
from imagery.photo.seen.entry import Entry, Sighting

__all__ = ["Archive", "Entry", "Sighting", "default_folder"]
