"""What content credentials change: how far the EXIF beside them can be believed.

They are no evidence on a caption by themselves: a signature says who vouches for the bytes, not
where the camera stood. Absent, untrusted or broken ones change nothing; that they are broken is a
signal of the report.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from osint.checks.photo_together import CREDENTIALS, FORGED
from osint.checks.trust import G_FORGED, chance_forged
from osint.evidence import Evidence, Measurement, Provenance

if TYPE_CHECKING:
    from imagery.photo.facts import PhotoFacts


def check_credentials(facts: PhotoFacts, *, claim_id: str) -> Evidence | None:
    """Credentials that lower the chance of forgery, as evidence of ratio 1; None if they do not."""
    credentials = facts.credentials
    forged = chance_forged(credentials)
    if credentials is None or forged == G_FORGED:
        return None
    who = credentials.signer or credentials.issuer or "a signer without a name"
    return Evidence(
        id=f"{claim_id}.credentials",
        claim_id=claim_id,
        check=CREDENTIALS,
        log_lr=0.0,
        summary=(
            f"{facts.path} is signed by {who}, who is trusted, as a camera's own picture, and was "
            "not changed since. That says nothing of the caption; the chance that its EXIF was "
            f"made to match is taken to be {forged:.0%} instead of {G_FORGED:.0%} (from judgement)."
        ),
        origin=f"content credentials of {facts.path}",
        measurements=(Measurement(quantity=FORGED, value=forged, unit="1"),),
        provenance=(
            Provenance(
                source=f"content credentials signed by {who}",
                locator=facts.path,
                sha256=facts.sha256,
            ),
        ),
    )
