"""The application: who may ask and how, then the answer; what is not kept is made in a thread, so that others go on."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from threading import Event, Thread
from urllib.parse import quote

from anyio import CapacityLimiter, to_thread
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from sixparty.errors import SixPartyError
from sixparty.service.pages import Site, opened_site
from sixparty.web.answers import HEADERS, Answer
from sixparty.web.errors import Trouble, error_answer
from sixparty.web.files import download_answer, find_download, static_answers
from sixparty.web.pages import NoSuchPage, NotFoundYet, Pages
from sixparty.web.query import LONGEST
from sixparty.web.routes import find_place, split_language
from sixparty.web.warm import warm

_LOG = logging.getLogger("sixparty")
_LONGEST_PATH = 500
_MAKERS = 4
_LAST_SECONDS = 2.0


class Door:
    """The one endpoint: every request comes through it, and gets the same headers.

    Parameters
    ----------
    hosts
        Names by which the machine may be asked (``Host``); None is any. On loopback it keeps out pages of other sites
        that have their own name point to this machine.
    """

    def __init__(self, site: Site, *, hosts: frozenset[str] | None) -> None:
        self.pages, self._hosts = Pages(site), hosts
        self._static = static_answers()
        self._makers = CapacityLimiter(_MAKERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path, raw = scope["path"], scope["query_string"].decode("latin-1")
        response = self._turned_away(scope, path, raw) or _moved(path, raw)
        if response is None:
            response = self._response(scope, await self._answer(path, raw))
        await response(scope, receive, send)

    def _turned_away(self, scope: Scope, path: str, raw: str) -> Response | None:
        """Return the answer to a request that is refused before anything is looked up."""
        host = Headers(scope=scope).get("host", "")
        if self._hosts is not None and _name_of(host) not in self._hosts:
            trouble = Trouble(421, f"the host must be one of {', '.join(sorted(self._hosts))}, got {host[:60]!r}.")
        elif scope["method"] not in ("GET", "HEAD"):
            trouble = Trouble(405, f"the method must be GET or HEAD, got {scope['method'][:20]!r}.")
        elif len(path) > _LONGEST_PATH or len(raw) > LONGEST:
            trouble = Trouble(
                414,
                f"an address must have at most {_LONGEST_PATH} signs and its query {LONGEST}, got {len(path)}"
                f" and {len(raw)}.",
            )
        else:
            return None
        return self._response(scope, error_answer(trouble, path[:_LONGEST_PATH], site=self.pages.site))

    async def _answer(self, path: str, raw: str) -> Answer:
        if path in self._static:
            return self._static[path]
        place = find_place(path)
        kept = self.pages.kept(place, raw) if place else None
        if kept is not None:
            return kept
        if place is None and find_download(path) is None:
            return error_answer(Trouble(404), path, site=self.pages.site)
        return await to_thread.run_sync(self._made, path, raw, limiter=self._makers)

    def _made(self, path: str, raw: str) -> Answer:
        """Make an answer, or the page that says why there is none."""
        try:
            return self._found(path, raw)
        except NoSuchPage as error:
            trouble = Trouble(404, error.why)
        except NotFoundYet as error:
            trouble = Trouble(503, error.why)
        except SixPartyError as error:
            trouble = Trouble(400, str(error))
        except Exception as error:
            _LOG.exception("a page failed: %s", path[:_LONGEST_PATH])
            trouble = Trouble(500, f"{type(error).__name__} (the log of `sixparty serve` tells more)")
        return error_answer(trouble, path, site=self.pages.site)

    def _found(self, path: str, raw: str) -> Answer:
        if find_download(path) is not None:
            found = download_answer(path, raw, site=self.pages.site)
        else:
            place = find_place(path)
            found = self.pages.answer(place, raw) if place else None
        if found is None:
            raise NoSuchPage
        return found

    def _response(self, scope: Scope, answer: Answer) -> Response:
        headers = answer.headers()
        if answer.status == 200 and answer.tag in Headers(scope=scope).get("if-none-match", ""):
            del headers["content-length"]
            return Response(status_code=304, headers=headers)
        return Response(answer.content if scope["method"] != "HEAD" else b"", answer.status, headers)


def create_app(
    site: Site,
    *,
    hosts: frozenset[str] | None = None,
    is_warmed: bool = False,
    on_ready: Callable[[], None] = lambda: None,
) -> Starlette:
    """Return the pages of a site as an ASGI application.

    Parameters
    ----------
    hosts
        Names by which the machine may be asked; None is any.
    is_warmed
        Whether to find in the background what takes long, and to draw the charts, once the application runs.
    on_ready
        Called when requests are taken.
    """
    door = Door(site, hosts=hosts)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        has_ended = Event()
        beside = Thread(target=warm, args=(door.pages,), kwargs={"has_ended": has_ended}, name="warm", daemon=True)
        if is_warmed:
            beside.start()
        on_ready()
        yield
        has_ended.set()
        if is_warmed:
            beside.join(_LAST_SECONDS)

    return Starlette(routes=[Route("/{path:path}", door)], lifespan=lifespan)


def app() -> Starlette:
    """Return the application of the site that this process has opened; servers call it by name."""
    opened = opened_site()
    return create_app(opened.site, hosts=opened.hosts, is_warmed=True, on_ready=opened.on_ready)


def _moved(path: str, raw: str) -> Response | None:
    """Lead spellings of an address that people try to the one it has."""
    language, rest = split_language(path)
    to = path
    if path == "/en" or path.startswith("/en/"):
        to = path[len("/en") :] or "/"
    elif rest.endswith(".json") and language != "en":
        to = rest
    elif path != "/" and path.endswith("/") and not path.endswith("//"):
        to = path[:-1]
    if to == path or to.startswith("//"):
        return None
    query = f"?{raw}" if raw else ""
    return RedirectResponse(quote(to, safe="/") + query, status_code=308, headers=dict(HEADERS))


def _name_of(host: str) -> str:
    """Return the name in a Host header, without its port."""
    if host.startswith("["):
        return host.partition("]")[0].removeprefix("[")
    return host.partition(":")[0].lower()
