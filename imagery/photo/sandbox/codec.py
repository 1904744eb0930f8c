"""Facts as JSON between child and parent.

The child has read hostile bytes, so the parent believes nothing it says: a value is taken in only
if it has exactly the type that the field of the dataclass is declared with, all the way down.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import json
import math
import types
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
Decoder = Callable[[Any], Any]


class WireValueError(ValueError):
    """What came is not what the type says."""


def encode(value: object) -> bytes:
    """A dataclass of text, numbers, bytes, times, tuples and such dataclasses, as JSON.

    A number that is not finite becomes null. Fields that have their default value are left out.
    """
    return json.dumps(_plain(value), separators=(",", ":")).encode("ascii")


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if dataclasses.is_dataclass(value):
        return {
            field.name: _plain(own)
            for field in dataclasses.fields(value)
            if (own := getattr(value, field.name)) is not field.default
        }
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        # JSON has no such number, and nothing that is measured is one.
        return None
    return value


def decode(kind: type[T], data: bytes) -> T:
    """What ``encode`` was given.

    Raises:
        WireValueError: the bytes are no such thing.
    """
    try:
        found: T = _decoder(cast(Any, kind))(json.loads(data))
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise WireValueError(f"not a {kind.__name__}: {type(error).__name__}") from error
    return found


@cache
def _decoder(kind: Any) -> Decoder:
    simple = _SIMPLE.get(kind)
    if simple is not None:
        return simple
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Literal:
        return _one_of(inner)
    if origin in (Union, types.UnionType):
        return _union(inner)
    if origin is tuple:
        return _many(inner[0]) if inner[1:] == (...,) else _few(inner)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _dataclass(kind)
    raise TypeError(f"{kind} is not carried between processes")


def _dataclass(kind: type[Any]) -> Decoder:
    hints = get_type_hints(kind)
    decoders = {field.name: _decoder(hints[field.name]) for field in dataclasses.fields(kind)}

    def read(value: Any) -> Any:
        if not isinstance(value, Mapping) or not value.keys() <= decoders.keys():
            raise WireValueError(f"no {kind.__name__}")
        return kind(**{name: decoders[name](part) for name, part in value.items()})

    return read


def _many(part: Any) -> Decoder:
    decoder = _decoder(part)

    def read(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise WireValueError("no list")
        return tuple(map(decoder, value))

    return read


def _few(parts: tuple[Any, ...]) -> Decoder:
    decoders = tuple(map(_decoder, parts))

    def read(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list) or len(value) != len(decoders):
            raise WireValueError(f"no list of {len(decoders)}")
        return tuple(decoder(part) for decoder, part in zip(decoders, value, strict=True))

    return read


def _union(kinds: tuple[Any, ...]) -> Decoder:
    decoders = tuple(map(_decoder, kinds))

    def read(value: Any) -> Any:
        for decoder in decoders:
            try:
                return decoder(value)
            except (ValueError, TypeError):
                continue
        raise WireValueError("none of the types that may stand here")

    return read


def _one_of(choices: tuple[Any, ...]) -> Decoder:
    def read(value: Any) -> Any:
        if value not in choices:
            raise WireValueError("none of the values that may stand here")
        return value

    return read


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise WireValueError("no text")
    # Half of a surrogate pair is legal in JSON and can be printed nowhere.
    return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")


def _exactly(kind: type) -> Decoder:
    def read(value: Any) -> Any:
        # bool is an int to Python and not to us.
        if type(value) is not kind:
            raise WireValueError(f"no {kind.__name__}")
        return value

    return read


def _number(value: Any) -> float:
    if type(value) not in (int, float) or not math.isfinite(value):
        raise WireValueError("no number")
    return float(value)


def _moment(value: Any) -> datetime:
    return datetime.fromisoformat(_text(value))


def _bytes(value: Any) -> bytes:
    try:
        return base64.b64decode(_text(value), validate=True)
    except binascii.Error as error:
        raise WireValueError("no base64") from error


_SIMPLE: Mapping[Any, Decoder] = {
    str: _text,
    int: _exactly(int),
    bool: _exactly(bool),
    float: _number,
    bytes: _bytes,
    datetime: _moment,
    type(None): _exactly(type(None)),
}
