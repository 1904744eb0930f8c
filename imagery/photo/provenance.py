"""Content credentials (C2PA): who signed what about a file, and whether the signature holds.

Three questions that are easily taken for one. *Present*: the file carries a manifest. *Valid*: what
it says of the file's bytes is true of them and the signature over it holds; anybody can make such a
manifest. *Trusted*: the signer's certificate goes back to an authority in the list that the user
gave. None of the three says that the picture shows what a caption claims.

Nothing is fetched: no manifest kept elsewhere, no revocation list, no identity document. So a
certificate that was revoked meanwhile still counts as trusted. No trust list ships with this
package; the C2PA conformance programme publishes its own as a PEM file, to be given by its path.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from imagery.errors import PhotoError, printable

NO_TRUST_LIST = "no trust list given, so nobody's signature is trusted"
_MOST_TRUST_LIST_BYTES = 5_000_000
_MOST_JSON = 5_000_000
_MOST_TEXT = 200
_MOST_ACTIONS = 60
_MOST_PROBLEMS = 20
_MOST_MANIFESTS = 100
_MIME = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "TIFF": "image/tiff",
    "GIF": "image/gif",
    "HEIF": "image/heif",
    "HEIC": "image/heic",
    "AVIF": "image/avif",
    "JXL": "image/jxl",
    "DNG": "image/x-adobe-dng",
}
_UNTRUSTED = "signingCredential.untrusted"
# Codes of the C2PA specification (15.2, validation status) worth saying in words of our own.
_WORDS = {
    "assertion.dataHash.mismatch": "the file was changed after it was signed, or signed wrongly",
    "assertion.bmffHash.mismatch": "the file was changed after it was signed, or signed wrongly",
    "assertion.boxesHash.mismatch": "the file was changed after it was signed, or signed wrongly",
    "assertion.hashedURI.mismatch": "a statement in the manifest was changed after it was signed",
    "assertion.missing": "a statement that was signed is not there",
    "claimSignature.mismatch": "the signature does not fit what is signed",
    "claimSignature.missing": "the signature is not there",
    "claimSignature.outsideValidity": "signed outside the time the certificate is valid for",
    "ingredient.manifest.missing": "the manifest of a picture it was made from is not there",
    "signingCredential.expired": "the signing certificate had expired",
    "signingCredential.invalid": "the signing certificate may not be used for this",
    "signingCredential.revoked": "the signing certificate was revoked",
    _UNTRUSTED: "the signer's certificate does not go back to the trust list given",
    "timeStamp.mismatch": "the time stamp is not of this signature",
    "timeStamp.outsideValidity": "the time stamp's certificate was not valid then",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a file's content credentials say.

    Attributes:
        present: the file carries a manifest.
        valid: the manifest fits the file's bytes and its signature holds; None if that could not
            be found out.
        trusted: it is valid, and the signer's certificate goes back to the trust list; False
            without one, which ``problems`` then says; None if that could not be found out.
        signer: name in the signing certificate.
        issuer: organisation in the signing certificate.
        generator: the program that made the manifest, as it calls itself.
        signed_at: time of a time stamp whose signature holds (ISO 8601); not the time of exposure.
        actions: what the manifests say was done ("c2pa.opened", ...), with the program that did it
            where said; those of pictures it was made from come first.
        source_types: how the picture came about as the active manifest says it
            ("trainedAlgorithmicMedia", "digitalCapture").
        problems: why it is not valid or not trusted, in words.
    """

    present: bool
    valid: bool | None = None
    trusted: bool | None = None
    signer: str | None = None
    issuer: str | None = None
    generator: str | None = None
    signed_at: str | None = None
    actions: tuple[str, ...] = ()
    source_types: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """``{"present", "valid", "trusted", "signer", "issuer", "claim_generator", ...}``."""
        return {
            "present": self.present,
            "valid": self.valid,
            "trusted": self.trusted,
            "signer": self.signer,
            "issuer": self.issuer,
            "claim_generator": self.generator,
            "signed_at": self.signed_at,
            "actions": list(self.actions),
            "problems": list(self.problems),
        }


def read_trust_list(path: Path) -> str:
    """The certificates of a trust list: a PEM file.

    Raises:
        PhotoError: it is no file, cannot be read, is too large, or does not hold certificates.
    """
    import ssl

    try:
        if path.exists() and not path.is_file():
            # Opening a pipe waits for whoever writes to it.
            raise PhotoError(
                f"the trust list {path} is not a file; give a PEM file of certificates"
            )
        with path.open("rb") as handle:
            data = handle.read(_MOST_TRUST_LIST_BYTES + 1)
        text = data.decode("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise PhotoError(
            f"the trust list {path} cannot be read ({error}); give a PEM file of certificates"
        ) from error
    if len(data) > _MOST_TRUST_LIST_BYTES or "-----BEGIN CERTIFICATE-----" not in text:
        raise PhotoError(
            f"the trust list {path} holds no certificates, or more than "
            f"{_MOST_TRUST_LIST_BYTES // 1_000_000} MB; give a PEM file of certificates"
        )
    try:
        # A list that cannot be used would make everybody untrusted without a word.
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=text)
    except ssl.SSLError as error:
        raise PhotoError(
            f"the trust list {path} holds a certificate that is damaged; give a PEM file of "
            "certificates"
        ) from error
    return text


def read_credentials(data: bytes, kind: str, *, trust_list: str | None = None) -> Credentials:
    """Check the content credentials of a file, offline.

    Args:
        data: the whole file.
        kind: its format as ``Parts.format`` names it.
        trust_list: certificates of trusted authorities (PEM, see ``read_trust_list``).

    Raises:
        PhotoError: ``trust_list`` cannot be used.
    """
    import c2pa

    mime = _MIME.get(kind)
    if mime is None:
        return Credentials(
            present=True, problems=(f"content credentials in {kind} files are not checked",)
        )
    try:
        context = c2pa.Context.from_dict(_settings(trust_list))
    except c2pa.C2paError as error:
        raise PhotoError(f"the trust list cannot be used: {printable(str(error))}") from error
    with context:
        try:
            with c2pa.Reader(mime, io.BytesIO(data), context=context) as reader:
                told = reader.json()
        except c2pa.C2paError as error:
            message = printable(str(error))
            if message.startswith("ManifestNotFound"):
                return Credentials(present=False)
            if message.startswith("Remote"):
                return Credentials(
                    present=True,
                    problems=(f"its manifest is kept elsewhere, which is not asked: {message}",),
                )
            return Credentials(
                present=True,
                valid=False,
                trusted=False,
                problems=(f"the manifest cannot be read: {message}",),
            )
    if len(told) > _MOST_JSON:
        return Credentials(
            present=True, problems=(f"its manifests run to {len(told)} characters, too many",)
        )
    return _credentials(json.loads(told), listed=trust_list is not None)


def _settings(trust_list: str | None) -> dict[str, Any]:
    """The checks of c2pa-rs, everything that would ask the network switched off."""
    settings: dict[str, Any] = {
        "verify": {
            "verify_after_reading": True,
            "verify_trust": True,
            "verify_timestamp_trust": True,
            "remote_manifest_fetch": False,
            "ocsp_fetch": False,
        },
        "core": {"allowed_network_hosts": [], "decode_identity_assertions": False},
    }
    if trust_list is not None:
        settings["trust"] = {"trust_anchors": trust_list}
    return settings


def _credentials(report: Mapping[str, Any], *, listed: bool) -> Credentials:
    manifests = _mapping(report.get("manifests"))
    label = str(report.get("active_manifest") or "")
    active = _mapping(manifests.get(label))
    signature = _mapping(active.get("signature_info"))
    state = report.get("validation_state")
    failures = _failures(report)
    actions = list(_actions(manifests, label))
    problems = [
        _in_words(code, explanation)
        for code, explanation in failures
        if code != _UNTRUSTED or (listed and state == "Valid")
    ]
    if not listed:
        problems.append(NO_TRUST_LIST)
    return Credentials(
        present=True,
        valid=state in ("Valid", "Trusted") if isinstance(state, str) else None,
        trusted=state == "Trusted" if isinstance(state, str) else None,
        signer=_text(signature.get("common_name")),
        issuer=_text(signature.get("issuer")),
        generator=_generator(active),
        signed_at=_text(signature.get("time")),
        actions=tuple(dict.fromkeys(actions))[:_MOST_ACTIONS],
        source_types=tuple(dict.fromkeys(_source_types(active))),
        problems=tuple(dict.fromkeys(problems))[:_MOST_PROBLEMS],
    )


def _failures(report: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Code and explanation of what failed, of the active manifest and of its ingredients."""
    results = _mapping(report.get("validation_results"))
    groups = [_mapping(results.get("activeManifest"))]
    groups += [
        _mapping(_mapping(delta).get("validationDeltas"))
        for delta in _sequence(results.get("ingredientDeltas"))
    ]
    return [
        (str(_mapping(failure).get("code")), str(_mapping(failure).get("explanation") or ""))
        for group in groups
        for failure in _sequence(group.get("failure"))
    ]


def _in_words(code: str, explanation: str) -> str:
    words = _WORDS.get(code)
    detail = printable(explanation, _MOST_TEXT)
    if words is None:
        return f"{printable(code)}: {detail}" if detail else printable(code)
    return words if code == _UNTRUSTED or not detail else f"{words} ({detail})"


def _actions(manifests: Mapping[str, Any], label: str) -> Iterator[str]:
    """Actions of the active manifest after those of the manifests it was made from."""
    order: list[str] = []
    waiting = [label]
    while waiting:
        at = waiting.pop(0)
        # A manifest that is named twice, or names itself, is met once.
        if at in order or at not in manifests or len(order) == _MOST_MANIFESTS:
            continue
        order.append(at)
        for ingredient in _sequence(_mapping(manifests[at]).get("ingredients")):
            parent = _mapping(ingredient).get("active_manifest")
            waiting += [parent] if isinstance(parent, str) else []
    for at in reversed(order):
        yield from _actions_of(_mapping(manifests[at]))


def _actions_of(manifest: Mapping[str, Any]) -> Iterator[str]:
    for action in _stated_actions(manifest):
        name = _text(action.get("action"))
        agent = action.get("softwareAgent")
        program = _text(_mapping(agent).get("name") if isinstance(agent, Mapping) else agent)
        if name:
            yield f"{name}, {program}" if program else name


def _stated_actions(manifest: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for assertion in _sequence(manifest.get("assertions")):
        if str(_mapping(assertion).get("label", "")).startswith("c2pa.actions"):
            data = _mapping(_mapping(assertion).get("data"))
            yield from (_mapping(action) for action in _sequence(data.get("actions")))


def _source_types(manifest: Mapping[str, Any]) -> Iterator[str]:
    for action in _stated_actions(manifest):
        said = _text(action.get("digitalSourceType"))
        if said:
            yield said.rstrip("/").rpartition("/")[2]


def _generator(manifest: Mapping[str, Any]) -> str | None:
    """The generator's own words: one string in older manifests, names and versions in newer."""
    said = _text(manifest.get("claim_generator"))
    if said:
        return said
    programs = (_mapping(info) for info in _sequence(manifest.get("claim_generator_info")))
    return (
        ", ".join(
            " ".join(part for part in (_text(info.get("name")), _text(info.get("version"))) if part)
            for info in programs
        )[:_MOST_TEXT]
        or None
    )


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _sequence(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _text(value: object) -> str | None:
    return printable(value, _MOST_TEXT) or None if isinstance(value, str) else None
