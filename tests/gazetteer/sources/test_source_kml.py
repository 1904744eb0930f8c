from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from gazetteer.errors import GazetteerFileError
from gazetteer.record import BadRow, Record
from gazetteer.sources.open import open_reader

KML = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder>
<Style id="a"><IconStyle/></Style>
<Placemark id="p"><name>Al-Tanf</name><description>a base</description>
 <ExtendedData><Data name="kind"><value>garrison</value></Data>
 <Data name="country"><value>SY</value></Data></ExtendedData>
 <Point><coordinates> 38.6178,33.5058,700 </coordinates></Point></Placemark>
<Placemark><name>Zone</name><Polygon><outerBoundaryIs><LinearRing><coordinates>
 38,33 39,33 39,34 38,34 38,33</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>
<Placemark><name>Nowhere</name></Placemark>
<Placemark><name>Odd</name><Point><coordinates>x,y</coordinates></Point></Placemark>
<Placemark><name>Far</name><Point><coordinates>38,133</coordinates></Point></Placemark>
</Folder></Document></kml>
"""

BOMB = """<?xml version="1.0"?>
<!DOCTYPE kml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><name>&c;</name></Placemark></kml>
"""

OUTSIDE = """<?xml version="1.0"?>
<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<kml><Placemark><name>&x;</name><Point><coordinates>1,2</coordinates></Point></Placemark></kml>
"""


def check(path: Path) -> None:
    rows = list(open_reader(path).rows())
    tanf, zone = (row for row in rows if isinstance(row, Record))
    assert (tanf.names[0].text, tanf.kind, tanf.country) == ("Al-Tanf", "base", "SY")
    assert (tanf.lon, tanf.lat) == (38.6178, 33.5058)
    assert zone.extent_m == pytest.approx(57_270, rel=0.002)
    bad = [row for row in rows if isinstance(row, BadRow)]
    assert [row.line for row in bad] == [3, 4, 5]
    assert "swapped" in bad[2].why


def test_placemarks(tmp_path: Path) -> None:
    path = tmp_path / "a.kml"
    path.write_text(KML, encoding="utf-8")
    check(path)


@pytest.mark.parametrize("name", ["doc.kml", "files/other.kml"])
def test_kmz(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.kmz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("files/icon.png", b"\x89PNG")
        archive.writestr("files/deeper/more.kml", "<kml/>")
        archive.writestr(name, KML)
    check(path)
    assert open_reader(path).provenance.title == "a.kmz"


@pytest.mark.parametrize("member", ["../doc.kml", "/doc.kml", "a/../../doc.kml", "..\\doc.kml"])
def test_kmz_with_a_member_that_leads_out(tmp_path: Path, member: str) -> None:
    path = tmp_path / "a.kmz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("doc.kml", KML)
        archive.writestr(member, KML)
    with pytest.raises(GazetteerFileError, match="leads out of the archive"):
        open_reader(path)
    assert list(tmp_path.parent.glob("doc.kml")) == []


def test_kmz_bomb(tmp_path: Path) -> None:
    path = tmp_path / "a.kmz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", KML.replace("a base", " " * (100 * 2**20)))
    with pytest.raises(GazetteerFileError, match="unpacks to more than"):
        list(open_reader(path).rows())


@pytest.mark.parametrize("text", [BOMB, OUTSIDE])
def test_entities_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.kml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GazetteerFileError, match="declares entities"):
        list(open_reader(path).rows())


def test_other_damage(tmp_path: Path) -> None:
    path = tmp_path / "a.kml"
    path.write_text(KML[:-30], encoding="utf-8")
    with pytest.raises(GazetteerFileError, match="not well-formed"):
        list(open_reader(path).rows())
    path.write_text("<kml><Document/></kml>", encoding="utf-8")
    with pytest.raises(GazetteerFileError, match="no placemark"):
        list(open_reader(path).rows())
    path.write_text("<kml>" + "<Folder>" * 500 + "</Folder>" * 500 + "</kml>", encoding="utf-8")
    with pytest.raises(GazetteerFileError, match="nested deeper"):
        list(open_reader(path).rows())
