"""Reports made comparable: what may differ from run to run taken out, numbers given room.

What is taken out: times, and the bytes of pictures (encoders differ in theirs); a picture is
compared by its size and the mean brightness of sixteen fields. Numbers may differ by one in ten
thousand, or by 0.0001 where they are near zero: other processors add in another order.
"""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

GOLDEN = Path(__file__).with_name("kestrel-wells.report.json")
CASE = Path(__file__).parents[2] / "examples" / "kestrel-wells"

TIMES = frozenset({"generated_at", "retrieved_at"})
PICTURES = frozenset({"picture", "thumbnail"})
RELATIVE = 1e-4
ABSOLUTE = 1e-4
# Of 255; how far the mean brightness of a field of a picture may be off.
BRIGHTNESS = 2.0
_FIELDS = 4


def comparable(value: Any, key: str = "") -> Any:
    """A report's plain values without times, with pictures in few words."""
    if isinstance(value, dict):
        return {k: comparable(v, k) for k, v in value.items() if k not in TIMES}
    if isinstance(value, list):
        return [comparable(v, key) for v in value]
    if key in PICTURES and isinstance(value, str):
        return _in_few_words(value)
    if isinstance(value, float):
        return float(f"{value:.8g}")
    return value


def _in_few_words(uri: str) -> dict[str, Any]:
    head, _, data = uri.partition(",")
    with Image.open(io.BytesIO(base64.b64decode(data))) as image:
        grey = np.asarray(image.convert("L"), dtype=float)
    fields = [
        round(float(part.mean()), 1)
        for band in np.array_split(grey, _FIELDS, axis=0)
        for part in np.array_split(band, _FIELDS, axis=1)
    ]
    return {"type": head, "rows": grey.shape[0], "columns": grey.shape[1], "brightness": fields}


def differences(expected: Any, found: Any, where: str = "report") -> Iterator[str]:
    """Every place where two comparable reports differ, in words."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for name in sorted(expected.keys() | found.keys()):
            if name not in found or name not in expected:
                yield f"{where}.{name} is only in the {'golden' if name in expected else 'new'} one"
            else:
                yield from differences(expected[name], found[name], f"{where}.{name}")
    elif isinstance(expected, list) and isinstance(found, list):
        if len(expected) != len(found):
            yield f"{where}: {len(expected)} entries expected, {len(found)} found"
        for number, (one, other) in enumerate(zip(expected, found, strict=False)):
            yield from differences(one, other, f"{where}[{number}]")
    elif _is_number(expected) and _is_number(found):
        room = BRIGHTNESS if ".brightness[" in where else ABSOLUTE
        if not math.isclose(expected, found, rel_tol=RELATIVE, abs_tol=room):
            yield f"{where}: {expected} expected, {found} found"
    elif expected != found:
        yield f"{where}: {str(expected)[:300]!r} expected, {str(found)[:300]!r} found"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
