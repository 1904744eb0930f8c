"""How signals are put together, and that each says what it means and when it misleads."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import pytest
from PIL import Image

from imagery.photo.containers.parts import Block, Parts, walk
from imagery.photo.exif import Tag
from imagery.photo.fields import Fields, read_fields
from imagery.photo.integrity.quantisation import ijg_table
from imagery.photo.iptc import IptcFacts
from imagery.photo.provenance import Credentials
from imagery.photo.signals import pixel_signals, signals_of
from imagery.photo.words import Words
from imagery.photo.xmp import XmpFacts

NOTHING = read_fields({})
CAMERA = Parts(
    format="JPEG",
    width=4000,
    height=3000,
    exif=(Block(data=b"II*\0", offset=12, where="APP1"),),
    quantisation=(tuple(range(1, 65)),),
)


def fields(**texts: str) -> Fields:
    tags: Mapping[str, Tag] = {
        name.replace("_", " ", 1): Tag(kind="text", values=(text,), printed=text)
        for name, text in texts.items()
    }
    return read_fields(tags)


def names(*args: Any, **more: Any) -> list[str]:
    return [signal.signal for signal in signals_of(*args, **more)]


def test_a_photo_as_the_camera_left_it_raises_nothing() -> None:
    taken = fields(
        Image_Make="Canon",
        Image_Software="Firmware 1.0",
        EXIF_DateTimeOriginal="2017:06:11 14:03:22",
        Image_DateTime="2017:06:11 14:03:22",
    )
    assert names(taken, Words(), name="IMG_0001.JPG", parts=CAMERA) == []


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ({"parts": Parts(format="JPEG")}, "no metadata"),
        ({"parts": Parts(format="JPEG", jumbf=True, trailing_bytes=9)}, "data after the picture"),
        ({"name": "IMG-20170611-WA0001.jpg"}, "platform trace"),
        ({"iptc": IptcFacts(instructions="FBMD0")}, "platform trace"),
        ({"xmp": XmpFacts(instructions="FBMD0")}, "platform trace"),
        ({"name": "Screenshot 1.png"}, "screenshot"),
        ({"xmp": XmpFacts(user_comment="Screenshot")}, "screenshot"),
        ({"xmp": XmpFacts(creator_tool="Adobe Photoshop")}, "editing software"),
        ({"iptc": IptcFacts(program="Adobe Photoshop 7")}, "editing software"),
        ({"xmp": XmpFacts(history=("saved",))}, "editing history"),
        ({"xmp": XmpFacts(derived=True)}, "editing history"),
        ({"xmp": XmpFacts(source_type="trainedAlgorithmicMedia")}, "said to be made up"),
        ({"xmp": XmpFacts(credentials_url="https://x.test/a")}, "credentials kept elsewhere"),
        (
            {"credentials": Credentials(present=True, valid=True, trusted=False)},
            "content credentials",
        ),
        ({"conflicts": ("one",)}, "readers disagree"),
        ({"words": Words(places=("Ald",))}, "places in the file"),
        (
            {"xmp": XmpFacts(said=(("city", "Ald"),)), "iptc": IptcFacts(said=(("city", "Weg"),))},
            "captions inside differ",
        ),
    ],
)
def test_each_reason_raises_its_signal(what: dict[str, Any], expected: str) -> None:
    found = signals_of(NOTHING, **{"words": Words(), **what})
    assert [signal.signal for signal in found] == [expected]


def test_the_source_type_of_a_manifest_counts_too() -> None:
    made = Credentials(
        present=True, valid=True, trusted=True, source_types=("trainedAlgorithmicMedia",)
    )
    assert names(NOTHING, Words(), credentials=made) == [
        "content credentials",
        "said to be made up",
    ]


def test_tables_of_the_library_under_the_name_of_a_camera() -> None:
    saved = Parts(format="JPEG", exif=CAMERA.exif, quantisation=(ijg_table(75),))
    assert names(fields(Image_Make="Canon"), Words(), parts=saved) == ["tables unlike the camera's"]


def test_clocks() -> None:
    taken = {"EXIF_DateTimeOriginal": "2017:06:11 14:03:22"}
    late = fields(**taken, Image_DateTime="2017:06:13 14:03:22")
    assert names(late, Words()) == ["written after it was taken"]
    assert names(fields(**taken, Image_DateTime="2017:06:12 01:00:00"), Words()) == []


def test_every_signal_says_what_it_means_and_when_it_misleads() -> None:
    everything = signals_of(
        fields(
            Image_Make="Canon",
            Image_Software="Midjourney",
            EXIF_DateTimeOriginal="2017:06:11 14:03:22",
            Image_DateTime="2020:06:11 14:03:22",
        ),
        Words(places=("Ald",)),
        ("conflict",),
        name="Screenshot.png",
        parts=Parts(
            format="PNG",
            quantisation=(ijg_table(75),),
            trailing_bytes=1,
            comments=("gd-jpeg", "GIMP"),
        ),
        xmp=XmpFacts(
            said=(("city", "Ald"),),
            history=("saved",),
            instructions="FBMD",
            source_type="trainedAlgorithmicMedia",
        ),
        iptc=IptcFacts(said=(("city", "Weg"),)),
        credentials=Credentials(present=True, valid=False, trusted=False),
    )
    found = [signal.signal for signal in everything]
    assert len(found) == len(set(found)) == 15
    for signal in everything:
        assert signal.value and signal.means and signal.misleads, signal
        assert set(signal.as_dict()) == {"signal", "value", "means"}


def test_signals_of_the_pixels() -> None:
    out = io.BytesIO()
    Image.linear_gradient("L").save(out, "JPEG")
    data = out.getvalue()
    other = io.BytesIO()
    Image.radial_gradient("L").save(other, "JPEG")
    parts = walk(data)
    assert parts is not None and parts.quantisation
    assert pixel_signals(data, parts, data) == ()
    (signal,) = pixel_signals(data, parts, other.getvalue())
    assert signal.signal == "thumbnail differs"
    assert pixel_signals(data, None, None) == ()
    assert pixel_signals(b"junk", parts, b"junk") == ()
