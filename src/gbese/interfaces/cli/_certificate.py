"""A certificate of our own, for an office without one: made once, kept in the data directory."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from gbese.config.files import PRIVATE_FILE, written_whole

_LIFE = timedelta(days=397)  # browsers trust none for longer
_RENEWED_BEFORE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Certificate:
    """Where the certificate and its key are, and its SHA-256 as browsers show it."""

    certificate_file: Path
    key_file: Path
    fingerprint: str


def certificate(directory: Path, names: Collection[str], *, at: datetime) -> Certificate:
    """The certificate for these names; a new one when there is none, or it lacks one, or is old."""
    directory.mkdir(mode=0o700, exist_ok=True)
    certificate_file, key_file = directory / "certificate.pem", directory / "key.pem"
    found = _read(certificate_file) if key_file.exists() else None
    if found is None or not _serves(found, names, at):
        found = _make(certificate_file, key_file, names, at)
    digest = found.fingerprint(hashes.SHA256()).hex(":").upper()
    return Certificate(certificate_file, key_file, digest)


def names_of_this_machine(host: str) -> tuple[str, ...]:
    """What browsers in this office may call us: the host asked for, this machine's name, loopback.

    A host of all addresses stands for each address this machine's name has.
    """
    own = socket.gethostname()
    names = ["localhost", "127.0.0.1", "::1", own]
    try:
        if ipaddress.ip_address(host).is_unspecified:
            found = socket.getaddrinfo(own, None)
            names += [str(address[4][0]).split("%", 1)[0] for address in found]
        else:
            names.append(host)
    except ValueError:
        names.append(host)
    except socket.gaierror:
        pass  # the machine does not know its own name; loopback still works
    return tuple(dict.fromkeys(names))


def _read(file: Path) -> x509.Certificate | None:
    return x509.load_pem_x509_certificate(file.read_bytes()) if file.exists() else None


def _serves(found: x509.Certificate, names: Collection[str], at: datetime) -> bool:
    if found.not_valid_after_utc - _RENEWED_BEFORE < at:
        return False
    stated = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return {_general_name(name) for name in names} <= set(stated)


def _make(
    certificate_file: Path, key_file: Path, names: Collection[str], at: datetime
) -> x509.Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Gbese on this network")])
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + _LIFE)
        .add_extension(
            x509.SubjectAlternativeName([_general_name(name) for name in names]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write(
        key_file,
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,  # the server reads no other
            serialization.NoEncryption(),
        ),
    )
    _write(certificate_file, made.public_bytes(serialization.Encoding.PEM))
    return made


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _write(file: Path, content: bytes) -> None:
    with written_whole(file) as part:
        opened = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
        with os.fdopen(opened, "wb") as stream:
            stream.write(content)
