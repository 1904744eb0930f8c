"""Fingerprints of pictures made up here: blobs of many sizes, as photos have them."""

from __future__ import annotations

import io
import warnings

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps
from scipy.ndimage import gaussian_filter

from imagery.errors import ArchiveError, PhotoError
from imagery.photo.fingerprint import Fingerprint, fingerprint
from imagery.photo.fingerprint.borders import without_borders
from imagery.photo.fingerprint.carried import from_bytes, to_bytes
from imagery.photo.fingerprint.decode import MOST_DECODED, grey_picture
from imagery.photo.fingerprint.keypoints import REACH, find_keypoints
from imagery.photo.fingerprint.overlay import CELLS, Kept, blurred, overlay, thumbnail
from imagery.photo.fingerprint.stored import (
    HEAD,
    KEPT_FEATURES,
    pack,
    sides_of,
    sizes_of,
    thumbs_of,
    unpack,
)
from imagery.photo.fingerprint.words import (
    CHECK_BITS,
    KEY_BITS,
    checks_of,
    keys_of,
    mirrored,
    probes,
    words_of,
)


def synthetic(seed: int, width: int = 480, height: int = 360) -> Image.Image:
    """Noise at several scales: a picture with something at every size and nothing twice."""
    random = np.random.default_rng(seed)
    total = np.zeros((height, width))
    for sigma in (3, 6, 12, 24, 48):
        layer = gaussian_filter(random.normal(size=(height, width)), sigma, mode="wrap")
        total += layer / layer.std()
    low, high = np.percentile(total, [1, 99])
    grey = np.clip((total - low) / (high - low) * 255, 0, 255).astype(np.uint8)
    return Image.fromarray(grey).convert("RGB")


def saved(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def shared_words(a: Fingerprint, b: Fingerprint) -> int:
    """How many of a's kept features b has, allowing for the bits in doubt."""
    kept = slice(0, KEPT_FEATURES)
    same = (probes(b.codes, b.doubts)[:, :, None] == keys_of(a.codes[kept])).any(axis=1)
    flips = np.bitwise_count(checks_of(b.codes)[:, None] ^ checks_of(a.codes[kept])[None])
    return int((same & (flips <= 6)).any(axis=0).sum())


def test_a_blob_is_found_where_it_is() -> None:
    row, col = np.mgrid[0:160, 0:200]
    grey = 200 * np.exp(-((col + 0.5 - 90.5) ** 2 + (row + 0.5 - 70.5) ** 2) / (2 * 8.0**2))
    found = find_keypoints(grey.astype(np.float32))
    assert found.x[0] == pytest.approx(90.5, abs=0.3)
    assert found.y[0] == pytest.approx(70.5, abs=0.3)
    # The scale at which a Gaussian blob answers most is its own, less a little for the sampling.
    assert found.sigma[0] == pytest.approx(8.0, rel=0.25)


def test_patches_lie_inside() -> None:
    grey, _ = grey_picture(saved(synthetic(1)))
    found = find_keypoints(grey)
    rows, cols = grey.shape
    reach = REACH * found.sigma * (1 - 2 / 16)
    assert len(found.x) > 30
    assert (found.x >= reach).all() and (found.x <= cols - reach).all()
    assert (found.y >= reach).all() and (found.y <= rows - reach).all()


def test_keypoints_move_with_the_picture() -> None:
    grey, _ = grey_picture(saved(synthetic(2), "PNG"))
    moved = find_keypoints(np.ascontiguousarray(grey[:, 16:]))
    still = find_keypoints(grey)
    apart = np.hypot(moved.x[:, None] + 16 - still.x[:30], moved.y[:, None] - still.y[:30]).min(0)
    inside = still.x[:30] > 16 + REACH * still.sigma[:30]
    assert (apart[inside] < 0.5).mean() > 0.95


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=30)
def test_the_word_of_a_mirrored_patch(seed: int) -> None:
    patch = np.random.default_rng(seed).normal(size=(1, 16, 16)).astype(np.float32)
    straight, _ = words_of(patch)
    other, _ = words_of(np.ascontiguousarray(patch[:, :, ::-1]))
    # Rounding may flip a coefficient that is nearly zero.
    assert np.bitwise_count(mirrored(straight) ^ other)[0] <= 1
    assert mirrored(mirrored(straight)) == straight


def test_words_are_signs_of_cosines() -> None:
    # The slowest wave across, alone: all other coefficients are about zero.
    wave = np.cos((np.arange(16) + 0.5) * np.pi / 16)
    patch = np.broadcast_to(wave, (16, 16))[None].astype(np.float32) * 50
    (code,), _ = words_of(patch)
    (negative,), _ = words_of(-patch)
    assert int(code) & 1 == 1 and int(negative) & 1 == 0


def test_probes_flip_the_bits_in_doubt_only() -> None:
    patches = np.random.default_rng(0).normal(size=(20, 16, 16)).astype(np.float32)
    codes, doubts = words_of(patches)
    keys = probes(codes, doubts)
    assert keys.shape == (20, 8)
    assert (keys[:, 0] == keys_of(codes)).all()
    assert all(len(set(row)) == 8 for row in keys.tolist())
    allowed = np.bitwise_or.reduce(np.uint32(1) << doubts.astype(np.uint32), axis=1)
    assert not ((keys ^ keys[:, :1]) & ~allowed[:, None]).any()
    assert keys.max() < 1 << KEY_BITS


def changed(image: Image.Image, how: str) -> bytes:
    width, height = image.size
    if how == "quality 40":
        return saved(image, quality=40)
    if how == "half":
        return saved(image.resize((width // 2, height // 2), Image.Resampling.LANCZOS))
    if how == "crop":
        return saved(image.crop((width // 5, 0, width, height * 4 // 5)))
    if how == "border":
        return saved(ImageOps.expand(image, 20, "white"))
    out = Image.new("RGB", (width, height + 60), "white")
    out.paste(image, (0, 60))
    return saved(out)


@pytest.mark.parametrize("how", ["quality 40", "half", "crop", "border", "bar"])
def test_words_survive(how: str) -> None:
    image = synthetic(3)
    original, copy = fingerprint(saved(image)), fingerprint(changed(image, how))
    assert shared_words(original, copy) >= 4
    assert shared_words(fingerprint(saved(synthetic(4))), copy) <= 1


def test_a_mirrored_picture_has_the_mirrored_fingerprint() -> None:
    image = synthetic(5)
    original = fingerprint(saved(image, "PNG")).mirrored()
    copy = fingerprint(saved(ImageOps.mirror(image), "PNG"))
    assert shared_words(original, copy) >= 14
    assert original.width == pytest.approx(copy.width)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP", "GIF", "BMP", "AVIF"])
def test_formats(kind: str) -> None:
    image = synthetic(6)
    assert shared_words(fingerprint(saved(image, "PNG")), fingerprint(saved(image, kind))) >= 12


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied(orientation: int) -> None:
    image = synthetic(7, 240, 180)
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    stored = image.transpose(Image.Transpose(undo[orientation])) if orientation > 1 else image
    exif = Image.Exif()
    exif[0x0112] = orientation
    upright = fingerprint(saved(image, quality=95))
    assert shared_words(upright, fingerprint(saved(stored, exif=exif, quality=95))) >= 12


def test_deep_grey_and_transparency() -> None:
    image = synthetic(8)
    upright = fingerprint(saved(image, "PNG"))
    deep = np.asarray(image.convert("L")).astype(np.uint16) * 257
    assert shared_words(upright, fingerprint(saved(Image.fromarray(deep), "PNG"))) >= 12
    clear = image.copy()
    clear.putalpha(255)
    assert shared_words(upright, fingerprint(saved(clear, "PNG"))) >= 14


def test_borders_are_taken_off() -> None:
    grey = np.asarray(synthetic(9).convert("L"), dtype=np.float32)
    framed = np.pad(grey, ((10, 30), (20, 5)), constant_values=255.0)
    assert without_borders(framed).shape == grey.shape
    assert without_borders(grey).shape == grey.shape


def test_a_plain_picture_is_no_border() -> None:
    plain = np.full((100, 120), 80.0, dtype=np.float32)
    assert without_borders(plain).shape == plain.shape
    half = np.asarray(synthetic(10, 120, 100).convert("L"), dtype=np.float32).copy()
    half[:60] = 200.0
    assert without_borders(half).shape == half.shape


def test_a_blank_picture_has_no_features() -> None:
    print_ = fingerprint(saved(Image.new("RGB", (300, 200), "grey")))
    assert len(print_.x) == 0
    assert len(unpack([pack(print_)]).features) == 0


@pytest.mark.parametrize(
    "data",
    [b"", b"no picture", b"\xff\xd8\xff\xe0" + bytes(50), b"\0\0\0\x20ftypheic" + bytes(60)],
)
def test_no_picture_is_an_error(data: bytes) -> None:
    with pytest.raises(PhotoError):
        fingerprint(data)


def test_too_small_and_too_large() -> None:
    with pytest.raises(PhotoError, match="at least 16"):
        fingerprint(saved(Image.new("RGB", (15, 300))))
    head = bytearray(saved(Image.new("1", (16, 16)), "BMP"))
    side = int(MOST_DECODED**0.5) + 1
    head[18:26] = side.to_bytes(4, "little") * 2
    with pytest.raises(PhotoError, match="at most 60 million"):
        fingerprint(bytes(head))


def test_long_pictures() -> None:
    for size in ((3000, 16), (16, 3000), (5000, 40)):
        print_ = fingerprint(saved(synthetic(11, *size), "PNG"))
        assert print_.width * print_.height == pytest.approx(1, rel=1e-3)
        assert from_bytes(to_bytes(print_)).small.shape == print_.small.shape


@given(st.data())
@settings(max_examples=60)
def test_damaged_files_end_in_a_fingerprint_or_an_error(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["JPEG", "PNG", "WEBP", "TIFF", "GIF"]))
    broken = bytearray(saved(synthetic(12, 64, 48), kind))
    for _ in range(data.draw(st.integers(1, 6))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(len(broken) // 2, len(broken)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            print_ = fingerprint(bytes(broken[:cut]))
        except PhotoError:
            return
    assert np.isfinite(print_.x).all()


def test_carried_between_processes() -> None:
    print_ = fingerprint(saved(synthetic(13)))
    back = from_bytes(to_bytes(print_))
    for name in ("x", "y", "size", "codes", "doubts", "small"):
        assert np.array_equal(getattr(back, name), getattr(print_, name))
    assert (back.width, back.height) == pytest.approx((print_.width, print_.height))


@given(st.data())
@settings(max_examples=100)
def test_carried_bytes_are_checked(data: st.DataObject) -> None:
    broken = bytearray(_CARRIED)
    for _ in range(data.draw(st.integers(1, 4))):
        broken[data.draw(st.integers(0, min(len(broken) - 1, 400)))] = data.draw(
            st.integers(0, 255)
        )
    try:
        print_ = from_bytes(bytes(broken))
    except PhotoError:
        return
    assert np.isfinite(print_.x).all() and (print_.doubts < KEY_BITS).all()
    probes(print_.codes, print_.doubts)


@pytest.mark.parametrize("cut", [0, 7, 20, 100, -1])
def test_carried_bytes_are_whole(cut: int) -> None:
    with pytest.raises(PhotoError):
        from_bytes(_CARRIED[:cut])


_CARRIED = to_bytes(fingerprint(saved(synthetic(14, 200, 150))))


def test_what_is_kept_is_near_what_was_found() -> None:
    print_ = fingerprint(saved(synthetic(15, 500, 300)))
    record = pack(print_)
    assert len(record) <= HEAD.itemsize + 16 * 10 <= 280
    stored = unpack([record])
    widths, heights = sides_of(stored.heads)
    assert widths[0] == pytest.approx(print_.width, rel=1e-3)
    assert heights[0] == pytest.approx(print_.height, rel=1e-3)
    kept = slice(0, KEPT_FEATURES)
    assert (stored.features["key"] == keys_of(print_.codes[kept])).all()
    own = (1 << CHECK_BITS) - 1
    assert ((stored.features["check"] & own) == checks_of(print_.codes[kept])).all()
    assert sizes_of(stored.features["check"]) == pytest.approx(print_.size[kept], rel=0.04)
    x = (stored.features["x"] + 0.5) / 256 * widths[0]
    assert np.abs(x - print_.x[kept]).max() <= widths[0] / 512 + 1e-5
    assert np.array_equal(thumbs_of(stored.heads)[0], thumbnail(print_))


@pytest.mark.parametrize("length", [0, 5, 99, 101, 100 + 17 * 10])
def test_kept_bytes_are_checked(length: int) -> None:
    with pytest.raises(ArchiveError, match="damaged"):
        unpack([bytes(length)])


def laid(
    asked: Fingerprint,
    kept: Fingerprint,
    placement: tuple[float, float, float],
    without: float = 0.0,
) -> float:
    as_array: npt.NDArray[np.float32] = np.array([placement], dtype=np.float32)
    found = overlay(
        asked,
        blurred(asked),
        Kept(
            thumbs=thumbnail(kept)[None],
            widths=np.array([kept.width], dtype=np.float32),
            heights=np.array([kept.height], dtype=np.float32),
        ),
        as_array,
        without=without,
    )
    return float(found.likeness[0])


def test_a_picture_laid_over_itself() -> None:
    print_ = fingerprint(saved(synthetic(16)))
    assert thumbnail(print_).shape == (CELLS, CELLS)
    assert laid(print_, print_, (1.0, 0.0, 0.0)) > 0.97
    assert laid(print_, print_, (1.0, 0.3, 0.2)) < 0.5
    assert abs(laid(print_, fingerprint(saved(synthetic(17))), (1.0, 0.0, 0.0))) < 0.5
    # Nowhere on it: nothing to compare.
    assert laid(print_, print_, (1.0, 9.0, 9.0)) == 0.0


def test_a_crop_laid_where_it_was_cut() -> None:
    image = synthetic(18, 400, 300)
    whole = fingerprint(saved(image, "PNG"))
    part = fingerprint(saved(image.crop((80, 0, 400, 300)), "PNG"))
    scale = (320 * 300) ** 0.5 / (400 * 300) ** 0.5
    assert laid(part, whole, (scale, 80 / (400 * 300) ** 0.5, 0.0)) > 0.95


def test_a_covered_part_may_be_left_out() -> None:
    image = synthetic(19)
    copy = image.copy()
    copy.paste("white", (0, 150, 480, 190))
    whole, covered = fingerprint(saved(image)), fingerprint(saved(copy))
    still = (1.0, 0.0, 0.0)
    assert laid(covered, whole, still) < 0.9
    assert laid(covered, whole, still, 0.25) > 0.93
    assert laid(fingerprint(saved(synthetic(20))), whole, still, 0.25) < 0.7
