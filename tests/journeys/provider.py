"""A login provider for the tests: OpenID Connect on this computer alone, for one client.

It asks of the client what a careful provider asks: its secret, an address that it has named
beforehand, a nonce, and the proof of who began (PKCE, S256). joserfc signs; Authlib brings it.
"""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, parse_qsl, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "mosaico", "a-secret-of-these-tests-only"
ACCOUNTS = {
    "Ana": {"email": "ana@example.org", "email_verified": True},
    "Bo": {"email": "bo@elsewhere.example", "email_verified": True},
    "Unverified": {"email": "ana@example.org", "email_verified": False},
}


@dataclass
class Provider:
    """What the provider knows, and what it was asked.

    Attributes
    ----------
    redirect : str
        The one address that it leads back to.
    signed_ago : float
        Seconds before now that it claims to have signed a token.
    nonce : str
        Nonce that it puts into tokens in place of the client's, if any.
    broken : bool
        Whether it fails where a code is exchanged for a token.
    begun, ended : lists
        What clients asked for when a sign-in began; addresses of the tokens that were signed out.
    """

    address: str
    redirect: str = ""
    signed_ago: float = 0
    nonce: str = ""
    broken: bool = False
    begun: list[dict] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    codes: dict[str, tuple[dict, str]] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "tests"}))

    def metadata(self) -> dict:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/jwks",
            "end_session_endpoint": f"{self.address}/logout",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def code(self, asked: dict, name: str) -> str:
        """Code for an account, good for one exchange."""
        made = secrets.token_urlsafe(24)
        self.codes[made] = (asked, name)
        return made

    def tokens(self, given: dict, client: tuple[str, str]) -> dict | None:
        """Tokens for a code, to the client that began; None where anything does not fit."""
        asked, name = self.codes.pop(given.get("code", ""), ({}, ""))
        verifier = given.get("code_verifier", "").encode()
        proof = base64.urlsafe_b64encode(hashlib.sha256(verifier).digest()).rstrip(b"=")
        fits = (
            client == (CLIENT, SECRET)
            and given.get("grant_type") == "authorization_code"
            and given.get("redirect_uri") == self.redirect
            and hmac.compare_digest(proof, asked.get("code_challenge", "").encode())
        )
        if not fits:
            return None
        token = self.token(name, self.nonce or asked["nonce"])
        return {"access_token": secrets.token_urlsafe(24), "token_type": "Bearer"} | {
            "expires_in": 3600,
            "id_token": token,
        }

    def token(self, name: str, nonce: str) -> str:
        now = time.time()
        claims = {
            "iss": self.address, "aud": CLIENT, "sub": name, "name": name, "nonce": nonce,
            "iat": int(now - self.signed_ago), "exp": int(now + 3600), **ACCOUNTS[name],
        }  # fmt: skip
        return jwt.encode({"alg": "RS256", "kid": "tests"}, claims, self.key)


class Door(BaseHTTPRequestHandler):
    """The provider's five addresses."""

    protocol_version = "HTTP/1.1"

    @property
    def known(self) -> Provider:
        return self.server.provider

    def log_message(self, *_):
        pass

    def do_GET(self):
        path, query = urlsplit(self.path).path, dict(parse_qsl(urlsplit(self.path).query))
        doors = {
            "/.well-known/openid-configuration": lambda _: self._json(self.known.metadata()),
            "/jwks": lambda _: self._json({"keys": [self.known.key.as_dict(private=False)]}),
            "/authorize": self._authorize,
            "/chosen": self._chosen,
            "/logout": self._logout,
        }
        doors.get(path, self._missing)(query)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        given = {name: values[0] for name, values in parse_qs(body).items()}
        if urlsplit(self.path).path != "/token" or self.known.broken:
            self._json({"error": "server_error"}, 500)
            return
        made = self.known.tokens(given, self._client(given))
        self._json(made or {"error": "invalid_grant"}, 200 if made else 400)

    def _client(self, given: dict) -> tuple[str, str]:
        kind, _, coded = self.headers.get("Authorization", "").partition(" ")
        if kind != "Basic":
            return given.get("client_id", ""), given.get("client_secret", "")
        name, _, secret = base64.b64decode(coded).decode().partition(":")
        return unquote(name), unquote(secret)

    def _authorize(self, query: dict) -> None:
        """Page on which a reader chooses an account, or turns back."""
        self.known.begun.append(query)
        fits = (
            query.get("client_id") == CLIENT
            and query.get("redirect_uri") == self.known.redirect
            and query.get("response_type") == "code"
            and "openid" in query.get("scope", "").split()
            and query.get("code_challenge_method") == "S256"
            and all(query.get(name) for name in ("state", "nonce", "code_challenge"))
        )
        if not fits:
            self._page("<h1>Not a request that this provider takes</h1>", 400)
            return
        links = [
            f'<p><a href="{escape("/chosen?" + urlencode({**query, "name": name}))}">{name}</a></p>'
            for name in (*ACCOUNTS, "Nobody")
        ]
        self._page("<h1>Who are you?</h1>" + "".join(links))

    def _chosen(self, query: dict) -> None:
        back = {"state": query["state"]}
        if query["name"] in ACCOUNTS:
            back["code"] = self.known.code(query, query["name"])
        else:
            back["error"] = "access_denied"
        self._lead(f"{self.known.redirect}?{urlencode(back)}")

    def _logout(self, query: dict) -> None:
        """End the session that a token of this provider names."""
        claims = jwt.decode(query["id_token_hint"], self.known.key, algorithms=["RS256"]).claims
        if query.get("post_logout_redirect_uri") != self.known.redirect:
            self._page("<h1>Not an address that this client has named</h1>", 400)
            return
        self.known.ended.append(claims["email"])
        self._lead(self.known.redirect)

    def _missing(self, _: dict) -> None:
        self._page("<h1>Nothing here</h1>", 404)

    def _json(self, content: dict, status: int = 200) -> None:
        self._send(json.dumps(content), "application/json", status)

    def _page(self, body: str, status: int = 200) -> None:
        page = f'<!doctype html><title>Provider</title><link rel="icon" href="data:,">{body}'
        self._send(page, "text/html; charset=utf-8", status)

    def _lead(self, address: str) -> None:
        self.send_response(302)
        self.send_header("Location", address)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, text: str, kind: str, status: int) -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def providing(port: int = 0) -> Iterator[Provider]:
    """Provider on a port of this computer, for as long as a test needs it."""
    server = ThreadingHTTPServer(("127.0.0.1", port), Door)
    server.daemon_threads = True
    server.provider = Provider(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def configured(folder, provider: Provider, address: str):
    """File of secrets that tells a dashboard at `address` of a provider, which is told of it."""
    provider.redirect = f"{address}/oauth2callback"
    told = {
        "redirect_uri": provider.redirect,
        "cookie_secret": secrets.token_urlsafe(48),
        "client_id": CLIENT,
        "client_secret": SECRET,
        "server_metadata_url": f"{provider.address}/.well-known/openid-configuration",
    }
    path = folder / "secrets.toml"
    lines = [f"{name} = {json.dumps(value)}" for name, value in told.items()]
    path.write_text("\n".join(["[auth]", *lines]) + "\n", encoding="utf-8")
    return path
