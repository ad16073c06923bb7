"""`sixparty serve`: the pages, on this machine."""

from __future__ import annotations

import errno
import ipaddress
import socket
from typing import TYPE_CHECKING, Annotated

import typer

from sixparty.cli.options import Debug, HomeFolder, Quiet, Seed, Verbose, set_loudness
from sixparty.cli.progress import progress_listener
from sixparty.errors import EnvironmentRefused, UsageError

if TYPE_CHECKING:
    from sixparty.service import OpenedSite

PORT = 8383
_APPLICATION = "sixparty.web:app"
_MOST_OPEN = 1000
_FIRST_FREE = 1024
_OPEN_TO_ALL = ("0.0.0.0", "::", "")
_NAMES_OF_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def serve(
    port: Annotated[int, typer.Option("--port", help="Port to listen on; 0 takes a free one.")] = PORT,
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on; the usual one is seen by this machine alone.")
    ] = "127.0.0.1",
    language: Annotated[str, typer.Option("--language", help="Language of the address printed: en or ko.")] = "en",
    marking: Annotated[
        str | None, typer.Option("--marking", help="Handling marking at head and foot of each page and file.")
    ] = None,
    party_names: Annotated[
        str | None, typer.Option("--party-names", help="How parties are named: own or common; default: the language's.")
    ] = None,
    seed: Seed = 1,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
    home: HomeFolder = None,
) -> None:
    """Serve the pages on this machine, to read alone, until Ctrl-C; without a brief of this record, make one first."""
    from sixparty import service
    from sixparty.report import languages

    set_loudness(quiet=quiet, verbose=verbose)
    if language not in languages():
        raise UsageError(f"language must be one of {', '.join(languages())}, got {language!r}.")
    spec = service.SiteSpec(seed=seed, marking=marking, party_names=party_names)
    with listening(host, port) as door:
        site = service.open_site(spec, home=service.find_home(home), progress=progress_listener(quiet=quiet))
        address = address_of(host, door.getsockname()[1], language=language)
        if not is_loopback(host) and not quiet:
            typer.echo(
                f"sixparty: {host} can be reached by other machines, and these pages ask nobody for a password. "
                "Behind a proxy that does, this is meant; else leave --host out.",
                err=True,
            )
        _run(door, service.OpenedSite(site, hosts_of(host), on_ready=lambda: typer.echo(address)))


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens there.

    Raises
    ------
    UsageError
        If the port is no port, or the host no address of this machine.
    EnvironmentRefused
        If the port is taken or may not be used.
    """
    if not 0 <= port <= 65535:
        raise UsageError(f"port must be from 0 to 65535, got {port}.")
    try:
        family, *_, address = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[
            0
        ]
        return socket.create_server(address[:2], family=family, backlog=_MOST_OPEN)
    except OSError as error:
        raise _refused(host, port, error) from error


def _refused(host: str, port: int, error: OSError) -> UsageError | EnvironmentRefused:
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return UsageError(f"host must be an address of this machine, as 127.0.0.1, got {host!r}.")
    if error.errno == errno.EADDRINUSE:
        return EnvironmentRefused(
            f"port {port} must be free, but something listens on it already, perhaps another `sixparty serve`. "
            "Stop that, or take a free port with --port 0."
        )
    if error.errno == errno.EACCES:
        return EnvironmentRefused(f"port must be {_FIRST_FREE} or higher without special rights, got {port}.")
    return EnvironmentRefused(f"{host}:{port} must be free to listen on, got: {error.strerror}. Try --port 0.")


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def hosts_of(host: str) -> frozenset[str] | None:
    """Return the names by which the machine may be asked: on loopback its own alone, else any."""
    return frozenset({*_NAMES_OF_LOOPBACK, host}) if is_loopback(host) else None


def address_of(host: str, port: int, *, language: str = "en") -> str:
    """Return the address to open.

    Examples
    --------
    >>> address_of("127.0.0.1", 8383, language="ko")
    'http://127.0.0.1:8383/ko'
    """
    name = "127.0.0.1" if host in _OPEN_TO_ALL else host
    shown = f"[{name}]" if ":" in name else name
    return f"http://{shown}:{port}/{'' if language == 'en' else language}"


def _run(door: socket.socket, opened: OpenedSite) -> None:
    """Serve until Ctrl-C, which is how it is meant to end."""
    import uvicorn

    from sixparty import service

    service.publish(opened)
    config = uvicorn.Config(
        _APPLICATION,
        factory=True,
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="on",
        ws="none",
        limit_concurrency=_MOST_OPEN,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=2,
    )
    uvicorn.Server(config).run(sockets=[door])
