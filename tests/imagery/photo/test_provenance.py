"""Content credentials: present, valid and trusted are three things, and nothing is fetched."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

c2pa = pytest.importorskip("c2pa")
x509 = pytest.importorskip("cryptography.x509")

from cryptography.hazmat.primitives import hashes, serialization  # noqa: E402
from cryptography.hazmat.primitives.asymmetric import ec  # noqa: E402

from imagery.errors import PhotoError  # noqa: E402
from imagery.photo.provenance import (  # noqa: E402
    NO_TRUST_LIST,
    Credentials,
    read_credentials,
    read_trust_list,
)

OID = x509.oid
MANIFEST = {
    "claim_generator_info": [{"name": "Test Signer", "version": "1.0"}],
    "assertions": [
        {
            "label": "c2pa.actions.v2",
            "data": {
                "actions": [
                    {
                        "action": "c2pa.created",
                        "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture",
                        "softwareAgent": {"name": "Camera", "version": "2"},
                    },
                ]
            },
        }
    ],
}


class Authority:
    """A certificate authority of one test and a signer it vouches for."""

    def __init__(self, name: str, *, ocsp: str | None = None) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        self.signing_key = ec.generate_private_key(ec.SECP256R1())
        issuer = self._name(name)
        root = self._certificate(issuer, issuer, key.public_key(), ca=True, ocsp=None).sign(
            key, hashes.SHA256()
        )
        leaf = self._certificate(
            self._name("Signer"),
            issuer,
            self.signing_key.public_key(),
            ca=False,
            ocsp=ocsp,
            authority=key.public_key(),
        ).sign(key, hashes.SHA256())
        self.pem = root.public_bytes(serialization.Encoding.PEM).decode()
        self.chain = leaf.public_bytes(serialization.Encoding.PEM).decode() + self.pem

    @staticmethod
    def _name(common: str) -> Any:
        return x509.Name(
            [
                x509.NameAttribute(OID.NameOID.COMMON_NAME, common),
                x509.NameAttribute(OID.NameOID.ORGANIZATION_NAME, "Synthetic Test Organisation"),
            ]
        )

    @staticmethod
    def _certificate(
        subject: Any, issuer: Any, key: Any, *, ca: bool, ocsp: str | None, authority: Any = None
    ) -> Any:
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=10))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(authority or key),
                critical=False,
            )
            .add_extension(
                x509.KeyUsage(
                    digital_signature=not ca,
                    key_cert_sign=ca,
                    crl_sign=ca,
                    content_commitment=False,
                    key_encipherment=False,
                    data_encipherment=False,
                    key_agreement=False,
                    encipher_only=False,
                    decipher_only=False,
                ),
                critical=True,
            )
        )
        if not ca:
            usage = x509.ExtendedKeyUsage([OID.ExtendedKeyUsageOID.EMAIL_PROTECTION])
            builder = builder.add_extension(usage, critical=False)
        if ocsp:
            access = x509.AccessDescription(
                OID.AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(ocsp)
            )
            builder = builder.add_extension(
                x509.AuthorityInformationAccess([access]), critical=False
            )
        return builder

    def sign(self, jpeg: bytes, *, remote: str | None = None) -> bytes:
        key = self.signing_key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()
        info = c2pa.C2paSignerInfo(
            alg=b"es256", sign_cert=self.chain.encode(), private_key=key.encode(), ta_url=None
        )
        context = c2pa.Context.from_dict(
            {"verify": {"verify_after_sign": False}, "builder": {"thumbnail": {"enabled": False}}}
        )
        out = io.BytesIO()
        with (
            context,
            c2pa.Signer.from_info(info) as signer,
            c2pa.Builder(json.dumps(MANIFEST), context=context) as builder,
        ):
            if remote:
                builder.set_no_embed()
                builder.set_remote_url(remote)
            builder.sign(signer, "image/jpeg", io.BytesIO(jpeg), out)
        return out.getvalue()


@pytest.fixture(scope="module")
def plain() -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority("Synthetic Root")


@pytest.fixture(scope="module")
def signed(plain: bytes, authority: Authority) -> bytes:
    return authority.sign(plain)


def test_valid_and_trusted_are_two_things(signed: bytes, authority: Authority) -> None:
    found = read_credentials(signed, "JPEG")
    assert (found.present, found.valid, found.trusted) == (True, True, False)
    assert found.problems == (NO_TRUST_LIST,)
    assert found.signer == "Signer"
    assert found.issuer == "Synthetic Test Organisation"
    assert found.generator is not None and "Test Signer" in found.generator
    assert found.actions == ("c2pa.created, Camera",)
    assert found.source_types == ("digitalCapture",)
    assert found.signed_at is None

    found = read_credentials(signed, "JPEG", trust_list=authority.pem)
    assert (found.present, found.valid, found.trusted) == (True, True, True)
    assert found.problems == ()


def test_another_authority_is_not_trusted(signed: bytes) -> None:
    found = read_credentials(signed, "JPEG", trust_list=Authority("Another Root").pem)
    assert (found.valid, found.trusted) == (True, False)
    assert "trust list" in found.problems[0]


def test_one_changed_pixel_byte_breaks_it(signed: bytes, authority: Authority) -> None:
    changed = bytearray(signed)
    changed[-40] ^= 1
    found = read_credentials(bytes(changed), "JPEG", trust_list=authority.pem)
    assert (found.present, found.valid, found.trusted) == (True, False, False)
    assert "changed after it was signed" in found.problems[0]


def test_a_file_without_credentials(plain: bytes) -> None:
    assert read_credentials(plain, "JPEG") == Credentials(present=False)


def test_a_damaged_manifest_is_present_and_not_valid(signed: bytes) -> None:
    at = signed.index(b"jumb")
    damaged = signed[: at + 60] + b"\xff" * 200 + signed[at + 260 :]
    found = read_credentials(damaged, "JPEG")
    assert (found.present, found.valid, found.trusted) == (True, False, False)
    assert len(found.problems[0]) < 300


class Counter(ThreadingHTTPServer):
    """Counts what is asked of it."""

    asked: int = 0


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Counter)
        self.server.asked += 1
        self.send_response(404)
        self.end_headers()

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Counter]:
    httpd = Counter(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever, daemon=True)
    thread.start()
    yield httpd
    httpd.shutdown()
    thread.join()
    httpd.server_close()


def test_nothing_is_fetched(plain: bytes, server: Counter) -> None:
    """Neither a manifest kept elsewhere nor the state of a certificate; the library would."""
    url = f"http://127.0.0.1:{server.server_port}/x"
    elsewhere = Authority("Root", ocsp=url).sign(plain, remote=url)
    found = read_credentials(elsewhere, "JPEG")
    assert server.asked == 0
    assert found.present and found.valid is None
    assert "elsewhere" in " ".join(found.problems)

    with_ocsp = Authority("Root", ocsp=url)
    revocable = with_ocsp.sign(plain)
    assert read_credentials(revocable, "JPEG", trust_list=with_ocsp.pem).trusted
    assert server.asked == 0

    # With its own settings the library does ask: the server can be reached.
    settings = {"verify": {"remote_manifest_fetch": True, "ocsp_fetch": True}}
    with c2pa.Context.from_dict(settings) as context:
        with pytest.raises(c2pa.C2paError):
            c2pa.Reader("image/jpeg", io.BytesIO(elsewhere), context=context)
        assert server.asked == 1
        c2pa.Reader("image/jpeg", io.BytesIO(revocable), context=context).close()
    assert server.asked > 1


def test_trust_lists_that_are_none(tmp_path: Path, authority: Authority, signed: bytes) -> None:
    path = tmp_path / "anchors.pem"
    path.write_text(authority.pem)
    assert read_trust_list(path) == authority.pem
    pem = "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n"
    contents = (b"", b"\xff\xfe", b"-----BEGIN PUBLIC KEY-----")
    for content in (*contents, pem.format("AAAA").encode(), pem.format("?").encode()):
        path.write_bytes(content)
        with pytest.raises(PhotoError, match="trust list"):
            read_trust_list(path)
    with pytest.raises(PhotoError, match="PEM file"):
        read_trust_list(tmp_path / "missing.pem")
    with pytest.raises(PhotoError, match="is not a file"):
        read_trust_list(tmp_path)
    broken = authority.pem.replace("M", "A", 5)
    try:
        found = read_credentials(signed, "JPEG", trust_list=broken)
    except PhotoError as error:
        assert "trust list" in str(error)
    else:
        assert found.trusted is False


@pytest.mark.parametrize(
    ("name", "valid"),
    [
        ("adobe-20220124-CA.jpg", True),
        ("adobe-20220124-CACAICAICICA.jpg", True),
        # Its own signature holds; that of a picture it was made from was broken, and it says so.
        ("adobe-20220124-CIE-sig-CA.jpg", True),
        ("adobe-20220124-E-sig-CA.jpg", False),
        ("adobe-20220124-E-clm-CAICAI.jpg", False),
        ("adobe-20220124-E-uri-CIE-sig-CA.jpg", False),
        ("adobe-20220124-XCA.jpg", False),
    ],
)
def test_the_public_test_files(shared_data: Path, name: str, valid: bool) -> None:
    found = read_credentials((shared_data / "photos" / "c2pa" / name).read_bytes(), "JPEG")
    assert (found.present, found.valid, found.trusted) == (True, valid, False)
    assert found.signer == "C2PA Signer"
    assert len(found.problems) > (0 if valid else 1)


def test_formats_that_are_not_checked(signed: bytes) -> None:
    found = read_credentials(signed, "BMP")
    assert found.present and found.valid is None and "BMP" in found.problems[0]
