"""`sixparty serve`: where it listens, whom it answers, and what it says where it cannot."""

import errno
import socket

import pytest

from sixparty.cli import serve
from sixparty.errors import EnvironmentRefused, UsageError


def test_a_port_that_is_taken_is_told_before_anything_is_made(sixparty):
    with socket.create_server(("127.0.0.1", 0)) as other:
        ran = sixparty("serve", "--port", str(other.getsockname()[1]))
    assert ran.code == 6
    assert "something listens on it already" in ran.err
    assert "--port 0" in ran.err


def test_a_port_that_needs_rights_is_told(monkeypatch):
    def refuse(*given, **named):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("socket.create_server", refuse)
    with pytest.raises(EnvironmentRefused, match="port must be 1024 or higher without special rights, got 80"):
        serve.listening("127.0.0.1", 80)


@pytest.mark.parametrize(
    ("host", "port", "told"), [("127.0.0.1", 70000, "port must be"), ("203.0.113.9", 0, "host must be")]
)
def test_what_is_no_address_of_this_machine_is_refused(host, port, told):
    with pytest.raises(UsageError, match=told):
        serve.listening(host, port)


def test_an_unknown_language_is_refused(sixparty):
    ran = sixparty("serve", "--language", "xx")
    assert ran.code == 2
    assert "language must be one of en" in ran.err


def test_port_0_takes_a_free_one():
    with serve.listening("127.0.0.1", 0) as door:
        assert door.getsockname()[1] > 0


@pytest.mark.parametrize(
    ("host", "is_own"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("desk.example", False)],
)
def test_loopback_is_answered_by_its_own_names_alone(host, is_own):
    assert serve.is_loopback(host) is is_own
    names = serve.hosts_of(host)
    assert (names is not None and {"localhost", host} <= names) is is_own


@pytest.mark.parametrize(
    ("host", "language", "address"),
    [
        ("127.0.0.1", "en", "http://127.0.0.1:8383/"),
        ("::1", "ko", "http://[::1]:8383/ko"),
        ("0.0.0.0", "en", "http://127.0.0.1:8383/"),
    ],
)
def test_the_address_printed_can_be_opened(host, language, address):
    assert serve.address_of(host, 8383, language=language) == address


@pytest.fixture
def quick(monkeypatch):
    """A serve that stops where it would take requests."""
    started = []
    monkeypatch.setattr("sixparty.service.pages.open_site", lambda spec, *, home, progress: spec)
    monkeypatch.setattr(serve, "_run", lambda door, opened: started.append(opened))
    return started


def test_what_other_machines_can_reach_is_warned_of(sixparty, quick):
    ran = sixparty("serve", "--host", "0.0.0.0", "--port", "0")
    assert ran.code == 0
    assert "can be reached by other machines" in ran.err
    assert quick[0].hosts is None


def test_on_loopback_there_is_no_warning(sixparty, quick):
    ran = sixparty("serve", "--port", "0", "--marking", "Restricted", "--party-names", "own")
    assert (ran.code, ran.err) == (0, "")
    assert quick[0].hosts == {"localhost", "127.0.0.1", "::1"}
    assert (quick[0].site.marking, quick[0].site.party_names) == ("Restricted", "own")
