"""nginx and Caddy of this machine with the files of docs/deploy, for as long as a test needs them.

Only what those files call "yours to change" is changed: ports, certificate, where the log lies.
"""

import datetime
import os
import shutil
import socket
import ssl
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.journeys.conftest import WAIT, free_port, running
from tests.ui import sample

NAME = "mosaico.example.org"
DEPLOY = sample.ROOT / "docs" / "deploy"
PLACES = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")  # where nginx would put bodies down


def certificate(folder: Path) -> tuple[Path, Path]:
    """Certificate of the example's name, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    coded = serialization.Encoding.PEM
    form, no_password = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    paths = folder / "mosaico.pem", folder / "mosaico.key"
    paths[0].write_bytes(made.public_bytes(coded))
    paths[1].write_bytes(key.private_bytes(coded, form, no_password))
    return paths


def changed(file: str, *changes: tuple[str, str]) -> str:
    """Text of a file of docs/deploy with each of its own values changed for a test's."""
    text = (DEPLOY / file).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, f"{file} no longer holds {old!r}"
        text = text.replace(old, new)
    return text


def nginx(folder: Path, dashboard: int, port: int, plain: int) -> list[str]:
    """Command that starts nginx with ``nginx.conf`` of docs/deploy."""
    pem, key = certificate(folder)
    own = changed(
        "nginx.conf",
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
        ("/etc/ssl/mosaico.pem", str(pem)),
        ("/etc/ssl/mosaico.key", str(key)),
        ("/var/log/nginx/mosaico.log", f"{folder}/mosaico.log"),
        ("127.0.0.1:8501", f"127.0.0.1:{dashboard}"),
    )
    (folder / "mosaico.conf").write_text(own, encoding="utf-8")
    around = [
        "daemon off;", f"pid {folder}/pid;", f"error_log {folder}/error.log;",
        "user root;" if os.geteuid() == 0 else "", "events {}", "http {",
        *(f"{place}_temp_path {folder}/{place};" for place in PLACES),
        f"include {folder}/mosaico.conf;", "}",
    ]  # fmt: skip
    (folder / "nginx.conf").write_text("\n".join(around), encoding="utf-8")
    return ["nginx", "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"]


def caddy(folder: Path, dashboard: int, port: int, plain: int) -> list[str]:
    """Command that starts Caddy with ``Caddyfile`` of docs/deploy."""
    pem, key = certificate(folder)
    own = changed(
        "Caddyfile",
        (
            f"\n{NAME} {{",
            f"\nhttps://{NAME}:{port} {{\n\tbind 127.0.0.1\n\ttls {pem} {key}",
        ),
        ("127.0.0.1:8501", f"127.0.0.1:{dashboard}"),
    )
    alone = f"{{\n\tadmin off\n\tauto_https disable_redirects\n\thttp_port {plain}\n}}\n"
    (folder / "Caddyfile").write_text(alone + own, encoding="utf-8")
    return ["caddy", "run", "--adapter", "caddyfile", "--config", f"{folder}/Caddyfile"]


COMMANDS = {"nginx": nginx, "caddy": caddy}


@contextmanager
def passing(proxy: str, folder: Path, dashboard: str):
    """Address of a dashboard behind a proxy, and the proxy's port for plain HTTP."""
    if not shutil.which(proxy):
        pytest.skip(f"{proxy} is not on the PATH (Debian: apt-get install {proxy})")
    port, plain = free_port(), free_port()
    command = COMMANDS[proxy](folder, int(dashboard.rpartition(":")[2]), port, plain)
    homes = {name: str(folder) for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
    with running(command, env={**os.environ, **homes}) as process:
        _wait(port, process)
        shutil.rmtree(folder / "proxy", ignore_errors=True)  # nginx has no place for what it passes
        yield f"https://{NAME}:{port}", plain


def _wait(port: int, process) -> None:
    for _ in range(WAIT // 100):
        assert process.poll() is None, f"the proxy stopped with status {process.returncode}"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the proxy did not answer in time")


def trusting() -> ssl.SSLContext:
    """A client's context that takes the certificate of the tests."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context
