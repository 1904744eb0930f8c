"""XMP packets: every way to write a property, structures, positions, and hostile documents."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from gazetteer.position import Position
from imagery.photo.history import editing_of
from imagery.photo.words import Words
from imagery.photo.xmp import XmpFacts, xmp_facts
from imagery.photo.xmp_position import read_position

HEAD = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
  xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
  xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:dcterms="http://purl.org/dc/terms/"
  xmlns:xmp="http://ns.adobe.com/xap/1.0/"
  xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"
  xmlns:stEvt="http://ns.adobe.com/xap/1.0/sType/ResourceEvent#"
  xmlns:stRef="http://ns.adobe.com/xap/1.0/sType/ResourceRef#"
  xmlns:exif="http://ns.adobe.com/exif/1.0/"
  xmlns:exifEX="http://cipa.jp/exif/1.0/"
  xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
  xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"
  xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">"""
TAIL = "</rdf:RDF></x:xmpmeta>"


def packet(attributes: str = "", elements: str = "") -> bytes:
    inside = f'<rdf:Description rdf:about="" {attributes}>{elements}</rdf:Description>'
    return f"{HEAD}{inside}{TAIL}".encode()


def test_every_field_of_a_desk(tmp_path: Path) -> None:
    facts = xmp_facts(
        packet(
            'photoshop:DateCreated="2017-06-11T14:03:22+03:00" xmp:CreatorTool="Adobe Photoshop"'
            ' photoshop:Credit="Agency" photoshop:City="Ald" photoshop:Instructions="FBMD01"',
            """<dc:creator><rdf:Seq><rdf:li>A Stringer</rdf:li></rdf:Seq></dc:creator>
            <dc:description><rdf:Alt><rdf:li xml:lang="x-default">Smoke</rdf:li>
              <rdf:li xml:lang="de">Rauch</rdf:li></rdf:Alt></dc:description>
            <Iptc4xmpExt:DigitalSourceType
              rdf:resource="http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"/>
            <Iptc4xmpExt:LocationShown><rdf:Bag>
              <rdf:li rdf:parseType="Resource"><Iptc4xmpExt:City>Ald</Iptc4xmpExt:City>
                <Iptc4xmpExt:CountryName>Inventia</Iptc4xmpExt:CountryName></rdf:li>
              <rdf:li Iptc4xmpExt:Sublocation="Old bridge" Iptc4xmpExt:CountryCode="IV"/>
            </rdf:Bag></Iptc4xmpExt:LocationShown>
            <Iptc4xmpExt:LocationCreated><rdf:Bag><rdf:li><rdf:Description
              Iptc4xmpExt:City="Kestrel Wells"/></rdf:li></rdf:Bag>
            </Iptc4xmpExt:LocationCreated>""",
        )
    )
    assert facts.words.captions == ("Smoke", "Rauch")
    assert facts.words.places == ("Ald", "Inventia", "Old bridge", "IV", "Kestrel Wells")
    assert facts.location_shown == ("Ald, Inventia", "Old bridge, IV")
    assert facts.location_created == ("Kestrel Wells",)
    assert facts.created == "2017-06-11T14:03:22+03:00"
    assert facts.credit == "Agency"
    assert ("creator", "A Stringer") in facts.said
    assert facts.creator_tool == "Adobe Photoshop"
    assert facts.source_type == "trainedAlgorithmicMedia"
    assert facts.instructions == "FBMD01"
    assert facts.problems == ()


def test_history_and_identifiers() -> None:
    facts = xmp_facts(
        packet(
            'xmpMM:DocumentID="xmp.did:2" xmpMM:InstanceID="xmp.iid:3"'
            ' xmpMM:OriginalDocumentID="first"',
            """<xmpMM:DerivedFrom stRef:documentID="other"/>
            <xmpMM:History><rdf:Seq>
              <rdf:li stEvt:action="created" stEvt:when="2017-06-11T14:03:22Z"/>
              <rdf:li rdf:parseType="Resource"><stEvt:action>saved</stEvt:action>
                <stEvt:softwareAgent>Editor 9</stEvt:softwareAgent>
                <stEvt:changed>/metadata</stEvt:changed></rdf:li>
              <rdf:li><rdf:Description stEvt:action="saved" stEvt:changed="/"/></rdf:li>
            </rdf:Seq></xmpMM:History>""",
        )
    )
    assert facts.history == (
        "created, 2017-06-11T14:03:22Z",
        "saved, Editor 9, /metadata",
        "saved",
    )
    assert facts.document_ids == ("first", "xmp.did:2", "xmp.iid:3", "other")
    assert facts.derived
    assert editing_of(facts.history, ("c2pa.opened",), facts.history) == (
        *facts.history,
        "c2pa.opened",
    )


def test_what_is_nested_is_about_something_else() -> None:
    facts = xmp_facts(
        packet(
            elements="""<xmpMM:DerivedFrom rdf:parseType="Resource">
            <photoshop:City>Elsewhere</photoshop:City>
            <rdf:Description photoshop:Headline="Not this picture"/></xmpMM:DerivedFrom>"""
        )
    )
    assert facts.words == Words()


def test_a_value_with_qualifiers() -> None:
    facts = xmp_facts(
        packet(
            elements="""<photoshop:Headline rdf:parseType="Resource">
            <rdf:value>Smoke</rdf:value><dc:source>x</dc:source></photoshop:Headline>"""
        )
    )
    assert facts.words.captions == ("Smoke",)
    deep = "<rdf:value>" * 200 + "Smoke" + "</rdf:value>" * 200
    nested = xmp_facts(packet(elements=f"<photoshop:Headline>{deep}</photoshop:Headline>"))
    assert nested == XmpFacts()


def test_an_extended_packet_adds_to_the_main_one() -> None:
    main = packet('photoshop:Headline="Main"')
    more = packet('photoshop:Headline="More" photoshop:City="Ald"')
    facts = xmp_facts(main, more, b"<broken")
    assert facts.words == Words(captions=("Main", "More"), places=("Ald",))
    assert len(facts.problems) == 1 and "damaged" in facts.problems[0]


def test_credentials_kept_elsewhere() -> None:
    assert xmp_facts(packet('dcterms:provenance="self#jumbf=/c2pa/x"')).credentials_url is None
    there = xmp_facts(packet('dcterms:provenance="https://example.org/m.c2pa"'))
    assert there.credentials_url == "https://example.org/m.c2pa"


@pytest.mark.parametrize(
    ("lat", "lon", "expected", "unit_m"),
    [
        ("33,30.35N", "38,37.07E", (33 + 30.35 / 60, 38 + 37.07 / 60), 24),
        ("33,30.35120N", "38,37.07000E", (33 + 30.3512 / 60, 38 + 37.07 / 60), 5),
        ("33,30,21S", "38,37,4W", (-(33 + 30 / 60 + 21 / 3600), -(38 + 37 / 60 + 4 / 3600)), 40),
        ("33,30,21.5N", "38,37,4.2E", (33 + 30 / 60 + 21.5 / 3600, 38 + 37 / 60 + 4.2 / 3600), 5),
        ("33,30N", "38,37E", (33.5, 38 + 37 / 60), 2413),
        ("33.50583N", "38.61784E", (33.50583, 38.61784), 5),
        ("-33.5", "38.6", (-33.5, 38.6), 14_480),
    ],
)
def test_positions(lat: str, lon: str, expected: tuple[float, float], unit_m: float) -> None:
    facts = xmp_facts(packet(f'exif:GPSLatitude="{lat}" exif:GPSLongitude="{lon}"'))
    assert facts.problems == ()
    assert facts.position is not None and facts.position.uncertainty_m is not None
    assert (facts.position.lat, facts.position.lon) == pytest.approx(expected)
    assert facts.position.uncertainty_m == pytest.approx(unit_m, rel=0.02)


@pytest.mark.parametrize(
    ("attributes", "why"),
    [
        ('exif:GPSLatitude="33,30.35N"', "without a longitude"),
        ('exif:GPSLongitude="38,37.07E"', "without a latitude"),
        ('exif:GPSLatitude="33,30.35E" exif:GPSLongitude="38,37.07E"', "hemisphere"),
        ('exif:GPSLatitude="33,30.35" exif:GPSLongitude="38,37.07E"', "not an angle"),
        ('exif:GPSLatitude="33,60.35N" exif:GPSLongitude="38,37.07E"', "60 or more"),
        ('exif:GPSLatitude="91,0.0N" exif:GPSLongitude="38,37.07E"', "more than 90"),
        ('exif:GPSLatitude="33,30.35N" exif:GPSLongitude="181,0.0E"', "more than 180"),
        ('exif:GPSLatitude="-33.5N" exif:GPSLongitude="38.5E"', "sign"),
        ('exif:GPSLatitude="0,0.0N" exif:GPSLongitude="0,0.0E"', "exactly 0, 0"),
        ('exif:GPSLatitude="north" exif:GPSLongitude="38,37.07E"', "not an angle"),
    ],
)
def test_positions_that_are_none(attributes: str, why: str) -> None:
    facts = xmp_facts(packet(attributes))
    assert facts.position is None
    assert any(why in problem for problem in facts.problems)


def test_what_qualifies_a_position() -> None:
    """The stated error counts before the digits; another datum is told and widens it."""
    where = 'exif:GPSLatitude="33,30.35120N" exif:GPSLongitude="38,37.07000E"'
    stated = xmp_facts(packet(f'{where} exifEX:GPSHPositioningError="75/10"'))
    assert stated.position is not None and stated.position.uncertainty_m == 7.5
    senseless = xmp_facts(packet(f'{where} exif:GPSHPositioningError="0/0"'))
    assert senseless.position is not None and senseless.position.uncertainty_m == 5
    world = xmp_facts(packet(f'{where} exif:GPSMapDatum="WGS-84"'))
    assert world.position is not None and world.position.uncertainty_m == 5
    tokyo = xmp_facts(packet(f'{where} exif:GPSMapDatum="TOKYO"'))
    assert tokyo.position is not None and tokyo.position.uncertainty_m == 1005
    assert "datum" in tokyo.problems[0]
    bare = xmp_facts(packet('exif:GPSLatitude="33.50583" exif:GPSLongitude="38.61784"'))
    assert bare.position == Position(lon=38.61784, lat=33.50583, uncertainty_m=5)
    assert "neither letters nor signs" in bare.problems[0]


def test_a_position_given_twice_is_none() -> None:
    once = 'exif:GPSLatitude="33,30.35N" exif:GPSLongitude="38,37.07E"'
    again = once.replace("33,30", "34,30")
    facts = xmp_facts(packet(once), packet(again))
    assert facts.position is None and "more than once" in facts.problems[0]
    assert xmp_facts(packet(once), packet(once)).position is not None


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
def test_against_what_another_program_writes(tmp_path: Path) -> None:
    path = tmp_path / "a.xmp"
    image = tmp_path / "a.jpg"
    Image.new("RGB", (8, 8)).save(image)
    subprocess.run(
        [
            *("exiftool", "-q", "-overwrite_original"),
            *("-XMP:GPSLatitude=-33.5058312", "-XMP:GPSLongitude=38.6178421"),
            *("-XMP-dc:Description=Smoke over Ald", "-XMP-photoshop:City=Ald"),
            *("-XMP-iptcExt:LocationCreatedCity=Ald", "-XMP-iptcExt:LocationShownCity=Weg"),
            *("-XMP-photoshop:DateCreated=2017:06:11 14:03:22+03:00", str(image)),
        ],
        check=True,
    )
    subprocess.run(["exiftool", "-q", "-xmp", "-b", "-w", "xmp", str(image)], check=True)
    facts = xmp_facts(path.read_bytes())
    assert facts.position is not None
    assert (facts.position.lat, facts.position.lon) == pytest.approx((-33.5058312, 38.6178421))
    assert facts.words == Words(captions=("Smoke over Ald",), places=("Ald", "Weg"))
    assert facts.location_created == ("Ald",) and facts.location_shown == ("Weg",)
    assert facts.created == "2017-06-11T14:03:22+03:00"
    assert facts.problems == ()


BILLION = "".join(
    f'<!ENTITY e{n} "{"&e" + str(n - 1) + ";" if n else "x"}{"y" * 9}">' for n in range(9)
)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (f"<!DOCTYPE x [{BILLION}]><x>&e8;</x>".encode(), "document type"),
        (b" " * 2_000_000 + b"<!DOCTYPE x []><x/>", "document type"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'.encode("utf-16"), "document type"),
        (b"<x>" + b"<y/>" * 300_000 + b"</x>", "too large"),
        (b" " * 16_000_001, "too large"),
        (b"<x" + b' a="1"' * 3 + b"/>", "damaged"),
        (b"\xff\xfe\x00", "damaged"),
    ],
)
def test_documents_that_are_refused(data: bytes, why: str) -> None:
    facts = xmp_facts(data)
    assert facts == XmpFacts(problems=facts.problems)
    assert len(facts.problems) == 1 and why in facts.problems[0]
    assert len(facts.problems[0]) < 200


def test_a_long_text_is_cut_and_a_long_history_keeps_its_end() -> None:
    steps = "".join(f'<rdf:li stEvt:action="step {n}"/>' for n in range(500))
    facts = xmp_facts(
        packet(
            f'photoshop:Headline="{"x" * 50_000}" xmp:CreatorTool="{"y" * 5_000}"',
            f"<xmpMM:History><rdf:Seq>{steps}</rdf:Seq></xmpMM:History>",
        )
    )
    assert len(facts.words.captions[0]) == 2_000
    assert facts.creator_tool is not None and len(facts.creator_tool) == 200
    assert len(facts.history) == 60 and facts.history[-1] == "step 499"


@given(st.binary(max_size=300), st.integers(0, 1500))
def test_any_damage_is_facts_or_a_problem(junk: bytes, cut: int) -> None:
    good = packet('exif:GPSLatitude="33,30.35N" exif:GPSLongitude="38,37.07E"', "<dc:title/>")
    for data in (junk, good[:cut] + junk, good[:cut] + junk + good[cut:]):
        assert isinstance(xmp_facts(data), XmpFacts)


@given(
    st.dictionaries(
        st.sampled_from(
            ["GPSLatitude", "GPSLongitude", "GPSMapDatum", "GPSLatitudeRef", "GPSHPositioningError"]
        ),
        st.lists(st.text(max_size=20), max_size=3),
    )
)
def test_any_text_is_a_position_or_a_problem(values: dict[str, list[str]]) -> None:
    position, problems = read_position(values)
    assert position is None or position.uncertainty_m is not None
    assert all(len(problem) < 300 for problem in problems)
