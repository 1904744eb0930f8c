"""Traces of messengers and social networks: names they give to files, and marks they leave inside.

A date in such a name is when the file was sent, received or saved, never when it was taken.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from imagery.photo.integrity.signal import Signal

_YMD = r"(?P<y>\d{4})[-_.]?(?P<m>\d\d)[-_.]?(?P<d>\d\d)"
_CLOCK = r"\d\d[-_.]?\d\d[-_.]?\d\d"
_DATED = (
    ("WhatsApp", rf"(IMG|VID|STK)-{_YMD}-WA\d{{4}}"),
    ("WhatsApp", rf"WhatsApp Image {_YMD} at .*"),
    ("Telegram", rf"photo_{_YMD}_{_CLOCK}"),
    ("Signal", rf"signal-{_YMD}-{_CLOCK}([-_]\d{{1,3}})*"),
    ("Viber", rf"viber[ _]image[ _]{_YMD}[ _-].*"),
)
_COUNTED = (
    ("Facebook", r"FB_IMG_(?P<ms>\d{13})"),
    ("WeChat", r"mmexport(?P<ms>\d{13})"),
)
_UNDATED = (
    ("Facebook Messenger", r"received_\d{12,20}"),
    ("Facebook or Instagram", r"\d{5,12}_\d{10,18}_\d{10,20}_[a-z]"),
    ("Telegram", r"photo_\d{17,20}_[a-z]"),
    ("Snapchat", r"Snapchat-\d{5,12}"),
)
# What browsers and file managers add to a name that is taken already.
_COPY = re.compile(r"( ?\(\d{1,3}\)| - (Copy|Kopie)( \(\d+\))?|[~_-](edited|copy))+", re.IGNORECASE)
_TWITTER = re.compile(r"(?=.*[0-9_-])(?=.*[a-z])[A-Z][\w-]{14}", re.ASCII)
_TWITTER_SUFFIX = re.compile(r"(-|:|_)?(orig|large|medium|small|4096x4096)", re.ASCII)
_TWITTER_EPOCH = datetime.fromtimestamp(1_288_834_974.657, UTC)
_TWITTER_FIRST = datetime(2012, 1, 1, tzinfo=UTC)
_EARLIEST = date(2005, 1, 1)
_FACEBOOK_MARK = "FBMD"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """A platform that a file passed through.

    Attributes:
        platform: its name.
        received: when it was sent, received or saved there, as far as the name tells (a date, or
            for X a time in UTC); None if it does not.
        by: what gives it away.
    """

    platform: str
    received: str | None
    by: str


def trace_of_name(name: str, *, today: date | None = None) -> Trace | None:
    """The platform whose pattern a file name has.

    Args:
        name: of the file, with its ending.
        today: names that state a later date are none of theirs; the present day unless given.
    """
    stem = name.rpartition("/")[2].rpartition(".")[0] or name
    stem = stem.removesuffix(_last_match(_COPY, stem))
    latest = (today or datetime.now(UTC).date()) + timedelta(days=1)
    for platform, pattern in _DATED:
        found = re.fullmatch(pattern, stem, re.ASCII | re.IGNORECASE)
        day = _day(found["y"], found["m"], found["d"]) if found else None
        if day is not None and _EARLIEST <= day <= latest:
            return Trace(platform=platform, received=day.isoformat(), by="file name")
    for platform, pattern in _COUNTED:
        found = re.fullmatch(pattern, stem, re.ASCII | re.IGNORECASE)
        if found:
            day = datetime.fromtimestamp(int(found["ms"]) / 1000, UTC).date()
            if _EARLIEST <= day <= latest:
                return Trace(platform=platform, received=day.isoformat(), by="file name")
    for platform, pattern in _UNDATED:
        if re.fullmatch(pattern, stem, re.ASCII | re.IGNORECASE):
            return Trace(platform=platform, received=None, by="file name")
    moment = _uploaded(stem.removesuffix(_last_match(_TWITTER_SUFFIX, stem)))
    if moment is not None and moment >= _TWITTER_FIRST and moment.date() <= latest:
        received = moment.isoformat(timespec="seconds").replace("+00:00", "Z")
        return Trace(platform="X (Twitter)", received=received, by="file name")
    return None


def platform_signals(
    name: str, instructions: Iterable[str | None], *, today: date | None = None
) -> Iterator[Signal]:
    """What name and metadata tell of the platforms a file passed through.

    Args:
        name: of the file.
        instructions: the special instructions of its IPTC records and XMP packet.
        today: see ``trace_of_name``.
    """
    if any(text and text.startswith(_FACEBOOK_MARK) for text in instructions):
        yield Signal(
            signal="platform trace",
            value="Facebook or Instagram (FBMD in the special instructions)",
            means="the file was downloaded from there, which strips what the camera had written",
            misleads="the mark stays through later editing and copying",
        )
    trace = trace_of_name(name, today=today)
    if trace is not None:
        dated = f", {trace.received}" if trace.received else ""
        yield Signal(
            signal="platform trace",
            value=f"{trace.platform}{dated} ({trace.by})",
            means=(
                f"{trace.platform} names its files so"
                + (
                    "; the date is when it was sent, received or saved, not when it was taken"
                    if trace.received
                    else "; it tells nothing of when it was taken"
                )
            ),
            misleads=(
                "a name is changed by anybody at will, and copied along with older files; dates "
                "come from the clock of the device or, for X, of the platform"
            ),
        )


def _uploaded(stem: str) -> datetime | None:
    """When X was handed a file: its name is the number of the upload, which begins with the time.

    The first eight bytes behind the Base64 are a "snowflake", milliseconds since 4 November 2010
    above 22 further bits.
    """
    if not _TWITTER.fullmatch(stem):
        return None
    number = int.from_bytes(base64.urlsafe_b64decode(stem + "=")[:8], "big")
    return _TWITTER_EPOCH + timedelta(milliseconds=number >> 22)


def _last_match(pattern: re.Pattern[str], text: str) -> str:
    """What at the end of ``text`` the pattern matches; "" if nothing."""
    return next((m[0] for m in pattern.finditer(text) if m.end() == len(text)), "")


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
