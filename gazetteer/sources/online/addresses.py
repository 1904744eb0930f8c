"""Addresses without what must not be written down: passwords, tokens, keys, signatures.

What stands in a cache, a gazetteer, a report or on a screen is read by others than the one who was
given the secret. The address that is fetched keeps it; every other use goes through here.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_plus, urlsplit, urlunsplit

HIDDEN = "..."
"""What stands for a secret."""

# fmt: off
_SECRET = frozenset(
    {
        "accesskey", "accesstoken", "apikey", "appid", "appkey", "auth", "authkey",
        "authorization", "authtoken", "bearer", "credential", "credentials", "hmac", "jwt",
        "key", "keyid", "otp", "pass", "passphrase", "passwd", "password", "pwd", "secret",
        "session", "sessionid", "sid", "sig", "signature", "token",
    }
)
# fmt: on
"""A parameter is secret whose last word is one of these: "access_token", "X-Auth-Token"."""

_SIGNED = ("x-amz-", "x-goog-", "x-oss-", "x-cos-", "x-ms-")
# fmt: off
_WITH_SIGNATURE = frozenset(
    {
        "awsaccesskeyid", "expires", "googleaccessid", "key-pair-id", "ossaccesskeyid",
        "policy", "rscd", "se", "ske", "skoid", "sks", "skt", "sktid", "skv", "sp", "spr", "sr",
        "st", "sv",
    }
)
# fmt: on
"""What large stores of files put beside a signature; it changes with it. By themselves they may
mean anything (``st=NY``)."""

_IN_TEXT = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://[^\s'\"<>()]+")


def without_secrets(url: str) -> str:
    """An address with user name and password left out, and secret parameters blanked.

    Two addresses that differ in nothing but a secret become one.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        # A bracket out of place: nothing of it can be told apart.
        return f"{url.partition('://')[0]}://{HIDDEN}" if "://" in url else HIDDEN
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, _plain(parts.query), _plain(parts.fragment)))


def text_without_secrets(text: str) -> str:
    """A sentence, such as an error of a library, with the addresses in it made fit to be seen."""
    masked = _IN_TEXT.sub(lambda found: without_secrets(found[0]), text)
    # "Max retries exceeded with url: /path?token=..." has no scheme.
    return re.sub(r"(/[^\s?'\"]*\?)([^\s'\"()]+)", lambda f: f[1] + _plain(f[2]), masked)


def _plain(query: str) -> str:
    """Parameters with the values of secret ones blanked; other text as it stands."""
    pieces = re.split(r"([&;])", query)
    names = [unquote_plus(piece.partition("=")[0]).strip() for piece in pieces]
    signed = any(_words(name)[-1:] in (["sig"], ["signature"]) for name in names)
    return "".join(
        f"{piece.partition('=')[0]}={HIDDEN}" if "=" in piece and _secret(name, signed) else piece
        for piece, name in zip(pieces, names, strict=True)
    )


def _secret(name: str, signed: bool) -> bool:
    lower = name.casefold()
    if lower.startswith(_SIGNED) or (signed and lower in _WITH_SIGNATURE):
        return True
    return not _SECRET.isdisjoint((lower, *_words(name)[-1:]))


def _words(name: str) -> list[str]:
    """The words of a parameter's name: "subscription-Key" and "subscriptionKey" have two."""
    return [word.casefold() for word in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z0-9]+", name)]
