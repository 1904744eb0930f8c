"""Every notation in the order in which they are tried, and the way into each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import get_args

from gazetteer.errors import PositionError
from gazetteer.notations import degrees, geo_uri, links, mgrs, plus_code, utm, wkt
from gazetteer.notations.plain import HINT, plain
from gazetteer.position import MAX_LINK, MAX_TEXT, Notation, Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One notation.

    Attributes:
        name: what to call it.
        claims: whether a text has its form, rightly filled or not.
        read: the position, or ``PositionError``.
        most: longest text taken, in characters.
    """

    name: str
    claims: Callable[[str], bool]
    read: Callable[[str], Position]
    most: int = MAX_TEXT


# Links first: what stands in one may look like anything. Degrees last: they take what is left.
FORMS: tuple[Form, ...] = (
    Form(name="link", claims=links.claims, read=links.read, most=MAX_LINK),
    Form(name="geo", claims=geo_uri.claims, read=geo_uri.read),
    Form(name="wkt", claims=wkt.claims, read=wkt.read),
    Form(name="plus", claims=plus_code.claims, read=plus_code.read),
    Form(name="mgrs", claims=mgrs.claims, read=mgrs.read),
    Form(name="utm", claims=utm.claims, read=utm.read),
    Form(name="degrees", claims=degrees.claims, read=degrees.read),
)

WRITERS: Mapping[Notation, Callable[[Position], str]] = {
    "decimal": degrees.write_decimal,
    "dms": degrees.write_seconds,
    "ddm": degrees.write_minutes,
    "utm": utm.write,
    "mgrs": mgrs.write,
    "geo": geo_uri.write,
    "plus": plus_code.write,
}


def read(text: str) -> Position:
    """See ``position.parse_position``."""
    if len(text) > MAX_LINK:
        raise PositionError(
            f"a text of {len(text)} characters is no position (limit {MAX_TEXT}, a link "
            f"{MAX_LINK}); {HINT}"
        )
    said = plain(text)
    if not said:
        raise PositionError(f"the position is empty; {HINT}")
    form = _form_of(said) or FORMS[-1]
    if len(said) > form.most:
        raise PositionError(
            f"a text of {len(said)} characters is no position (limit {form.most}); {HINT}"
        )
    return form.read(said)


def claims(text: str) -> bool:
    """See ``position.looks_like_position``."""
    return len(text) <= MAX_LINK and _form_of(plain(text)) is not None


def notation_of(text: str) -> str | None:
    """Name of the notation whose form a text has ("degrees", "utm", "link", ...), or None."""
    form = _form_of(plain(text)) if len(text) <= MAX_LINK else None
    return form.name if form else None


def write(position: Position, notation: Notation) -> str:
    """See ``position.format_position``."""
    if notation not in WRITERS:
        raise PositionError(
            f"{notation!r} is no notation; use one of {', '.join(get_args(Notation))}"
        )
    return WRITERS[notation](position)


def _form_of(said: str) -> Form | None:
    # Only links are long; the other patterns are never run on more than they need to see.
    forms = FORMS if len(said) <= MAX_TEXT else FORMS[:1]
    return next((form for form in forms if form.claims(said)), None)
