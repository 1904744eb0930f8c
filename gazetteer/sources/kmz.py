"""KMZ: a zip with a KML in it, pictures beside it left alone."""

from __future__ import annotations

from pathlib import Path

from gazetteer.errors import GazetteerFileError
from gazetteer.sources.kml import KmlReader
from gazetteer.sources.unpack import InputFile, zip_members


def kmz_reader(path: Path) -> KmlReader:
    """The placemarks of a KMZ: of ``doc.kml``, or of the first KML at the top of the archive.

    What comes out is counted as it is read; see ``unpack`` for the limits.

    Raises:
        GazetteerFileError: it is no whole zip, has a member whose name leads out of it, or no KML.
    """
    names = [info.filename for info in zip_members(path) if info.filename.lower().endswith(".kml")]
    if not names:
        raise GazetteerFileError(f"{path.name} has no .kml in it; export it again")
    # The first by the standard; by habit it is called doc.kml.
    main = next((name for name in names if name.lower() == "doc.kml"), None)
    main = main or min(names, key=lambda name: name.count("/"))
    return KmlReader(InputFile(path, main), shown=path)
