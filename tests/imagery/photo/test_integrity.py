"""Signals from names, tables and texts: each raised where it should be, and not elsewhere."""

from __future__ import annotations

import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from imagery.photo.integrity.credentials import credentials_signal, elsewhere_signal
from imagery.photo.integrity.leftovers import stripped_signal, trailing_signal
from imagery.photo.integrity.platforms import Trace, platform_signals, trace_of_name
from imagery.photo.integrity.quantisation import (
    describe,
    ijg_quality,
    ijg_table,
    nearest_quality,
    table_signal,
)
from imagery.photo.integrity.screenshot import screenshot_signal
from imagery.photo.integrity.software import (
    history_signal,
    software_signals,
    source_type_signal,
)
from imagery.photo.integrity.wording import words_signals
from imagery.photo.provenance import Credentials
from imagery.photo.words import Words

TODAY = date(2026, 6, 1)


@pytest.mark.parametrize("quality", range(1, 101))
def test_tables_are_those_the_library_writes(quality: int) -> None:
    """Pillow hands the quality to the IJG's library, or to one that keeps to its tables."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG", quality=quality)
    with Image.open(out) as image:
        assert isinstance(image, JpegImageFile)
        written = [tuple(table) for _, table in sorted(image.quantization.items())]
    assert written == [ijg_table(quality), ijg_table(quality, colour=True)]


@pytest.mark.parametrize("quality", [*range(2, 100)])
def test_the_quality_of_tables(quality: int) -> None:
    assert ijg_quality(ijg_table(quality)) == quality
    assert nearest_quality(ijg_table(quality)) == quality
    coarser = (*ijg_table(quality)[:-1], min(255, ijg_table(quality)[-1] + 1))
    changed = coarser if coarser != ijg_table(quality) else (*coarser[:-1], 254)
    assert ijg_quality(changed) is None
    assert abs(nearest_quality(changed) - quality) <= 1


def test_tables_in_words() -> None:
    assert describe([ijg_table(85), ijg_table(85, colour=True)]) == "IJG quality 85"
    assert describe([ijg_table(90), ijg_table(85, colour=True)]) == "IJG quality 90 and 85"
    own = tuple(step + 1 for step in ijg_table(95))
    assert describe([own]) == f"tables of its own, about IJG quality {nearest_quality(own)}"
    assert describe([]) is None and describe([(1, 2)]) is None


def test_tables_of_a_camera() -> None:
    library = [ijg_table(75), ijg_table(75, colour=True)]
    own = [tuple(step + 1 for step in ijg_table(95))]
    assert table_signal(library, "Canon") is not None
    assert table_signal(own, "Canon") is None
    # Others write the library's tables themselves.
    assert table_signal(library, "NIKON") is None
    assert table_signal(library, None) is None


@pytest.mark.parametrize(
    ("name", "platform", "received"),
    [
        ("IMG-20170611-WA0001.jpg", "WhatsApp", "2017-06-11"),
        ("IMG-20170611-WA0001 (2).jpg", "WhatsApp", "2017-06-11"),
        ("WhatsApp Image 2017-06-11 at 14.03.22.jpeg", "WhatsApp", "2017-06-11"),
        ("WhatsApp Image 2017-06-11 at 2.03.22 PM (1).jpeg", "WhatsApp", "2017-06-11"),
        ("photo_2017-06-11_14-03-22.jpg", "Telegram", "2017-06-11"),
        ("photo_2017-06-11_14-03-22 (3).jpg", "Telegram", "2017-06-11"),
        ("photo_5350421234567890123_y.jpg", "Telegram", None),
        ("signal-2021-06-11-140322.jpg", "Signal", "2021-06-11"),
        ("signal-2021-06-11-14-03-22-123.jpeg", "Signal", "2021-06-11"),
        ("viber_image_2019-06-11_14-03-22-123.jpg", "Viber", "2019-06-11"),
        ("FB_IMG_1497182602000.jpg", "Facebook", "2017-06-11"),
        ("mmexport1497182602000.jpg", "WeChat", "2017-06-11"),
        ("received_10155400512345678.jpeg", "Facebook Messenger", None),
        ("12345678_123456789012345_1234567890123456789_n.jpg", "Facebook or Instagram", None),
        # Upload 608576483511029760; the post with it was made at 10:08:35 that day.
        ("CHIZFl5U0AAENRU.png", "X (Twitter)", "2015-06-10T10:08:35Z"),
        ("CHIZFl5U0AAENRU-large.png", "X (Twitter)", "2015-06-10T10:08:35Z"),
    ],
)
def test_names_that_platforms_give(name: str, platform: str, received: str | None) -> None:
    assert trace_of_name(name, today=TODAY) == Trace(
        platform=platform, received=received, by="file name"
    )


@pytest.mark.parametrize(
    "name",
    [
        "IMG_20170611_140322.jpg",
        "DSC_0001.JPG",
        "IMG-20171399-WA0001.jpg",
        "IMG-20991231-WA0001.jpg",
        "IMG-19700101-WA0001.jpg",
        "FB_IMG_9999999999999.jpg",
        "photo_of_the_bridge.jpg",
        "Beautifulsunset.jpg",
        "BridgeOverWater.jpg",
        "2017-06-11.jpg",
        "CHIZFl5U0AAENRU9.png",
        "",
        ".jpg",
    ],
)
def test_names_that_say_nothing(name: str) -> None:
    assert trace_of_name(name, today=TODAY) is None


def test_a_date_of_receipt_is_not_of_capture() -> None:
    (signal,) = platform_signals("IMG-20170611-WA0001.jpg", (None,), today=TODAY)
    assert signal.value == "WhatsApp, 2017-06-11 (file name)"
    assert "not when it was taken" in signal.means


def test_the_mark_of_facebook() -> None:
    (signal,) = platform_signals("a.jpg", (None, "FBMD01000a9d"), today=TODAY)
    assert signal.value is not None and "FBMD" in signal.value
    assert list(platform_signals("a.jpg", ("Cleared for release, FBMD",), today=TODAY)) == []


@given(st.text(max_size=80))
def test_any_name_is_a_trace_or_none(name: str) -> None:
    found = trace_of_name(name, today=TODAY)
    assert found is None or found.platform


@pytest.mark.parametrize(
    ("programs", "signals"),
    [
        ((None, ""), []),
        (("Ver.1.00", "HDR+ 1.0.345618096"), []),
        (("Adobe Photoshop CS6 (Macintosh)",), ["editing software"]),
        (("GIMP 2.10", "Midjourney 6"), ["generator software", "editing software"]),
        (("Photoshop (Adobe Firefly)",), ["generator software"]),
        (("CREATOR: gd-jpeg v1.0 (using IJG JPEG v62), quality = 90",), ["converting software"]),
        (("Lavc58.54.100",), ["converting software"]),
        (("iOS 17.1 Photos",), []),
    ],
)
def test_programs(programs: tuple[str | None, ...], signals: list[str]) -> None:
    assert [signal.signal for signal in software_signals(programs)] == signals


def test_histories() -> None:
    assert history_signal((), derived=False) is None
    one = history_signal(("saved, Editor",), derived=False)
    assert one is not None and one.value == "one step, the last: saved, Editor"
    two = history_signal(("created", "saved"), derived=True)
    assert two is not None
    assert two.value == "2 steps, the last: saved; made from another document"


def test_what_a_file_says_of_how_it_came_about() -> None:
    made = source_type_signal((None, "digitalCapture", "trainedAlgorithmicMedia"))
    assert made is not None and made.value == "trainedAlgorithmicMedia"
    assert source_type_signal((None, "digitalCapture")) is None


@pytest.mark.parametrize(
    ("name", "kind", "size", "camera", "texts", "raised"),
    [
        ("a.png", "PNG", (1080, 2400), False, (), True),
        ("a.png", "PNG", (2400, 1080), False, (), True),
        ("a.png", "PNG", (1080, 2400), True, (), False),
        ("a.jpg", "JPEG", (1920, 1080), False, (), False),
        ("a.png", "PNG", (1081, 2400), False, (), False),
        ("Screenshot_20170611-140322.jpg", "JPEG", (500, 500), False, (), True),
        ("Bildschirmfoto 2017-06-11.png", "PNG", (500, 500), False, (), True),
        ("لقطة شاشة ٢.png", "PNG", (500, 500), False, (), True),
        ("not a screenshot.png", "PNG", (500, 500), False, (), False),
        ("a.jpg", "JPEG", (500, 500), True, ("Screenshot",), True),
        ("a.png", "PNG", (500, 500), False, ("gnome-screenshot",), True),
        ("a.png", None, None, False, (), False),
    ],
)
def test_screenshots(
    name: str,
    kind: str | None,
    size: tuple[int, int] | None,
    camera: bool,
    texts: tuple[str, ...],
    raised: bool,
) -> None:
    width, height = size or (None, None)
    found = screenshot_signal(
        name=name, format=kind, width=width, height=height, has_camera=camera, texts=texts
    )
    assert (found is not None) == raised


def test_captions_that_differ() -> None:
    words = Words(captions=("Smoke",))

    def names(xmp: list[tuple[str, str]], iptc: list[tuple[str, str]]) -> list[str | None]:
        return [signal.value for signal in words_signals(words, xmp, iptc)]

    assert names([("city", "Ald")], [("city", "ALD")]) == []
    assert names([("city", "Ald")], []) == []
    assert names([("city", "Ald")], [("country", "Weg")]) == []
    assert names([("city", "Ald")], [("city", "Weg")]) == ["city: 'Ald' in XMP, 'Weg' in IPTC"]
    # Old records end after 32 bytes; short ones do not.
    long = "The old bridge over the river at Ald, seen from the north"
    assert names([("city", long)], [("city", long[:32])]) == []
    assert names([("city", "Aldham")], [("city", "Ald")]) != []
    # One of several alternatives is enough.
    assert (
        names([("description", "Rauch"), ("description", "Smoke")], [("description", "Smoke")])
        == []
    )


def test_what_credentials_are_worth() -> None:
    assert credentials_signal(None) is None
    assert credentials_signal(Credentials(present=False)) is None
    said = {
        state: credentials_signal(
            Credentials(present=True, valid=valid, trusted=trusted, signer="S")
        )
        for state, valid, trusted in (
            ("unknown", None, None),
            ("broken", False, False),
            ("valid", True, False),
            ("trusted", True, True),
        )
    }
    values = {state: signal.value for state, signal in said.items() if signal is not None}
    assert len(set(values.values())) == 4
    assert values["trusted"] == "valid and trusted, signed by S"
    assert "does not vouch" in str(values["valid"])
    assert str(values["broken"]).startswith("broken")
    assert elsewhere_signal(None) is None
    assert elsewhere_signal("https://example.org/x") is not None


def test_what_is_missing_and_what_is_left_over() -> None:
    stripped = stripped_signal(has_metadata=False)
    assert stripped is not None and "normal" in stripped.means
    assert stripped_signal(has_metadata=True) is None
    trailing = trailing_signal(12_345)
    assert trailing is not None and trailing.value == "12,345 bytes"
    assert trailing_signal(0) is None
