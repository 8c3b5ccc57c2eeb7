"""Who may read what: addresses, domains, and this computer."""

import time
from types import SimpleNamespace

import pytest

from tests.journeys.provider import providing
from ui import access, load

KEY = "a-key-that-nobody-guesses"
NOW = 1_800_000_000
LISTED = {"staff": ["Ana@Example.org"], "coalition": ["@partner.example", "ana@example.org"]}


def user(email, verified=True):
    return {"is_logged_in": True, "email": email, "email_verified": verified}


@pytest.mark.parametrize(
    ("email", "expected"),
    [
        ("ana@example.org", "staff"),
        ("ANA@EXAMPLE.ORG", "staff"),
        ("bo@partner.example", "coalition"),
        ("bo@example.org", "public"),
        ("bo@sub.partner.example", "public"),
        ("bo@notpartner.example", "public"),
        ("bo@partner.example@evil.example", "public"),
        ("bo@evil.example@partner.example", "public"),
        ("bo@partner.example.evil.example", "public"),
        ("@partner.example", "coalition"),
        ("", "public"),
        (None, "public"),
        ("bo@\u212aeepers.example", "public"),
    ],
)
def test_an_address_reads_what_the_list_that_names_it_says(email, expected):
    listed = LISTED | {"coalition": [*LISTED["coalition"], "@keepers.example"]}
    assert access.audience(user(email), listed) == expected


@pytest.mark.parametrize(
    ("verified", "expected"),
    [(True, "staff"), ("true", "staff"), (False, "public"), (None, "public"), ("no", "public")],
)
def test_an_address_counts_only_where_the_provider_has_verified_it(verified, expected):
    assert access.audience(user("ana@example.org", verified), LISTED) == expected


@pytest.mark.parametrize("entry", ["", " ", "@", "example.org"])
def test_an_entry_that_is_no_address_and_no_domain_names_nobody(entry):
    assert access.audience(user("ana@example.org"), {"staff": [entry]}) == "public"


def test_nobody_is_listed_until_somebody_is():
    assert load.settings()["readers"] == {"staff": [], "coalition": []}


@pytest.mark.parametrize(
    ("audience", "reads"),
    [
        ("public", ["public"]),
        ("coalition", ["public", "coalition"]),
        ("staff", ["public", "coalition", "staff", "", "unheard-of"]),
    ],
)
def test_each_audience_reads_its_own_and_what_is_wider_known(audience, reads):
    who = access.Reader(audience)
    asked = ["public", "coalition", "staff", "", "unheard-of"]
    assert [one for one in asked if who.may_read(one)] == reads


@pytest.fixture
def started(monkeypatch):
    """Reader of a server that is started as a test says; no login is configured."""

    def reader(wanted="staff", address="127.0.0.1", headers=(), key=KEY, shown=KEY):
        monkeypatch.setenv("MOSAICO_WITHOUT_LOGIN", wanted)
        monkeypatch.setenv("MOSAICO_KEY", key)
        monkeypatch.setattr(access.st, "user", {})
        monkeypatch.setattr(access.st, "get_option", {"server.address": address}.get)
        context = SimpleNamespace(headers=dict(headers), cookies={"mosaico_key": shown})
        monkeypatch.setattr(access.st, "context", context)
        return access.reader({}, hours=12).audience

    return reader


@pytest.mark.parametrize("wanted", ["public", "coalition", "staff"])
def test_who_starts_the_server_on_their_own_computer_says_for_whom(started, wanted):
    assert started(wanted) == wanted


@pytest.mark.parametrize("wanted", ["", "yes", "STAFF", "staff,coalition"])
def test_another_word_opens_nothing(started, wanted):
    assert started(wanted) == "public"


@pytest.mark.parametrize("address", [None, "", "0.0.0.0", "192.0.2.7"])
def test_a_server_that_others_can_reach_shows_the_public_releases_only(started, address):
    assert started(address=address) == "public"


@pytest.mark.parametrize("shown", [None, "", KEY[:-1], f"{KEY}x", KEY.upper(), "clé-é"])
def test_without_its_key_the_server_shows_the_public_releases_only(started, shown):
    assert started(shown=shown) == "public"


@pytest.mark.parametrize("key", ["", "short", "x" * (access.SHORTEST_KEY - 1)])
def test_a_server_without_a_key_that_nobody_guesses_cannot_be_opened(started, key):
    assert started(key=key, shown=key) == "public"


@pytest.mark.parametrize("name", access.FORWARDED)
def test_what_came_through_a_proxy_shows_the_public_releases_only(started, name):
    assert started(headers={name: "192.0.2.7"}) == "public"


def test_a_login_that_is_configured_is_not_gone_around(started, monkeypatch):
    started()
    monkeypatch.setattr(access.st, "user", {"is_logged_in": False})
    assert access.reader({}, hours=12) == access.Reader("public", login=True)
    assert not access.may_be_opened()


@pytest.mark.parametrize(
    ("signed", "counts"),
    [
        (NOW, True),
        (NOW - 12 * 3600 + 1, True),
        (NOW - 12 * 3600, False),
        (NOW + access.CLOCKS_APART, True),
        (NOW + access.CLOCKS_APART + 1, False),
        (str(NOW), False),
        (None, False),
        (True, False),
        (float("nan"), False),
    ],
)
def test_a_sign_in_counts_for_some_hours(signed, counts):
    assert access.recent({"iat": signed}, 12, NOW) is counts


def test_who_signed_in_long_ago_reads_what_the_public_reads(monkeypatch):
    monkeypatch.setattr(access.st, "user", user("ana@example.org") | {"iat": 1_000})
    assert access.reader(LISTED, hours=12) == access.Reader("public", login=True, lapsed=True)


def test_a_list_of_the_environment_replaces_that_of_the_settings(monkeypatch):
    monkeypatch.setattr(access.st, "user", user("ana@example.org") | {"iat": time.time()})
    monkeypatch.setenv("MOSAICO_STAFF", "bo@example.org, cy@example.org")
    assert access.reader({"staff": ["ana@example.org"]}, hours=12).audience == "public"
    monkeypatch.setenv("MOSAICO_STAFF", "bo@example.org, ana@example.org")
    assert access.reader({"staff": []}, hours=12).audience == "staff"


@pytest.fixture
def asked(monkeypatch):
    """Whether a provider answers at an address, as the secrets have it."""

    def answers(address):
        monkeypatch.setattr(access.st, "secrets", {"auth": {"server_metadata_url": address}})
        return access.provider_answers()

    return answers


def test_a_provider_answers_that_says_where_it_signs_readers_in(asked):
    with providing() as provider:
        assert asked(f"{provider.address}/.well-known/openid-configuration")
        assert not asked(f"{provider.address}/jwks")  # says something else
        assert not asked(f"{provider.address}/nothing")
        address = provider.address
    assert not asked(f"{address}/.well-known/openid-configuration")  # is down


@pytest.mark.parametrize("address", ["", "no address", "http://[", "ftp://127.0.0.1/"])
def test_what_is_no_address_does_not_answer(asked, address):
    assert not asked(address)


def test_a_login_without_an_address_does_not_answer(monkeypatch):
    monkeypatch.setattr(access.st, "secrets", {"auth": {}})
    assert not access.provider_answers()
