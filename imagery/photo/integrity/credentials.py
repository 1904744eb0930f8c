"""What content credentials are worth, as a signal."""

from __future__ import annotations

from imagery.photo.integrity.signal import Signal
from imagery.photo.provenance import Credentials

_NAME = "content credentials"


def credentials_signal(credentials: Credentials | None) -> Signal | None:
    """The signal, if the file carries credentials."""
    if credentials is None or not credentials.present:
        return None
    by = f" by {credentials.signer}" if credentials.signer else ""
    if credentials.valid is None:
        return Signal(
            signal=_NAME,
            value="; ".join(credentials.problems) or "not checked",
            means="the file has credentials that could not be checked here",
            misleads="says nothing either way",
        )
    if not credentials.valid:
        return Signal(
            signal=_NAME,
            value=f"broken: {next(iter(credentials.problems), 'no reason given')}",
            means=(
                "the credentials do not fit the file: it was changed after they were signed, by "
                "whatever program, or they were badly made"
            ),
            misleads=(
                "any program that saves a file without knowing of credentials breaks them; the two "
                "sample photos of one maker of 2023 count as broken under rules set later"
            ),
        )
    if not credentials.trusted:
        return Signal(
            signal=_NAME,
            value=f"valid, signed{by}, whom the trust list does not vouch for",
            means=(
                "the file is as somebody signed it; who that is, is open: anybody can make such a "
                "signature under any name"
            ),
            misleads="every forger can reach this state; without a trust list nobody gets further",
        )
    return Signal(
        signal=_NAME,
        value=f"valid and trusted, signed{by}",
        means=(
            "the file is as a signer in the trust list signed it; that the picture shows what a "
            "caption claims, no signature says"
        ),
        misleads=(
            "a camera signs a photo of a screen like any other; whether the certificate was "
            "revoked since is not asked"
        ),
    )


def elsewhere_signal(url: str | None) -> Signal | None:
    """That the file names an address where its credentials are kept."""
    if url is None:
        return None
    return Signal(
        signal="credentials kept elsewhere",
        value=url,
        means="the file names an address for its content credentials, which is not asked",
        misleads="the address may be gone, or hold something else than when the file was made",
    )
