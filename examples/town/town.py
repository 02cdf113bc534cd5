"""The town: one server, one port, an origin for each site."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable, Generator, Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType

import uvicorn
from msgspec import Struct
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Host, Route
from starlette.types import ASGIApp

from examples.town.admin.members import Members
from examples.town.admin.site import AdminSite
from examples.town.bistro.site import BistroSite
from examples.town.bistro.tables import Tables
from examples.town.chores.site import ChoreSite
from examples.town.chores.todo import Todo
from examples.town.customers.book import Book
from examples.town.customers.site import CustomerSite
from examples.town.faults import CuttableProtocol, Faults, FaultyReplies
from examples.town.garden.nursery import Nursery
from examples.town.garden.site import GardenSite
from examples.town.identity import Identity
from examples.town.ledger import Ledger, summary
from examples.town.library.catalogue import Catalogue
from examples.town.library.site import LibrarySite
from examples.town.mail.post import Post
from examples.town.mail.site import MailSite
from examples.town.pages import FIRST, Edition, Pages, releases_of
from examples.town.pizza.shop import Shop
from examples.town.pizza.site import PizzaSite
from examples.town.returns.desk import Desk
from examples.town.returns.site import ReturnSite
from examples.town.rides.site import RideSite
from examples.town.rides.stand import Stand
from examples.town.signs import SIGNS
from examples.town.site import Setting
from examples.town.tickets.box_office import BoxOffice
from examples.town.tickets.site import TicketSite
from examples.town.townhall.permits import Permits
from examples.town.townhall.site import TownhallSite
from examples.town.waterworks.meters import Meters
from examples.town.waterworks.site import WaterSite


class Addresses(Struct, frozen=True):
    """Base addresses, without a slash at the end; `ledger` is the JSON."""

    town: str
    pizza: str
    bistro: str
    mail: str
    tickets: str
    rides: str
    returns: str
    customers: str
    garden: str
    library: str
    townhall: str
    chores: str
    admin: str
    waterworks: str
    ledger: str


SITES = tuple(name for name in Addresses.__struct_fields__ if name not in ("town", "ledger"))


def check_releases(releases: Mapping[str, str]) -> None:
    """Raises ValueError, with what there is, for a site or a release that there is not."""
    for site, release in releases.items():
        if site not in SITES:
            raise ValueError(f"there is no site {site!r} in the town; take one of {', '.join(SITES)}")
        if release not in releases_of(site):
            raise ValueError(f"{site} has no release {release!r}; take one of {', '.join(releases_of(site))}")


class _Server(uvicorn.Server):
    """uvicorn that says when it listens, and leaves the signals to the program around it."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


class Town:
    """An async context manager, or `start` and `stop`. The sites' rules stand in `shop`, `tables`, `post` and so on,
    what was done in `ledger`; `identity` is who is signed in; `faults` spoils replies. `now` is the town's wall clock.
    `releases` says in which release a site stands, "1" where it says nothing; with `marks` the elements that matter
    carry `data-truth`.

    Raises ValueError for a site or a release that there is not.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        now: Callable[[], datetime] = datetime.now,
        latency_ms: float = 0,
        ledger: Path | None = None,
        releases: Mapping[str, str] | None = None,
        marks: bool = False,
    ) -> None:
        self._now = now
        self.releases = dict(releases or {})
        self._marks = marks
        check_releases(self.releases)
        self.ledger = Ledger(ledger)
        self.faults = Faults(latency_ms)
        self.shop = Shop(self.ledger, now)
        self.tables = Tables(self.ledger, now)
        self.identity = Identity()
        self.post = Post(self.ledger, now)
        self.box_office = BoxOffice(self.ledger, now)
        self.stand = Stand(self.ledger, now)
        self.desk = Desk(self.ledger, now)
        self.customers = Book(self.ledger, now)
        self.nursery = Nursery(self.ledger, now)
        self.catalogue = Catalogue(self.ledger, now)
        self.permits = Permits(self.ledger, now)
        self.todo = Todo(self.ledger, now)
        self.members = Members(self.ledger, now)
        self.meters = Meters(self.ledger, now)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", port))
        self.port: int = self._socket.getsockname()[1]
        self._pages = Pages("")
        self._pages.filters["told"] = summary
        self._pages.globals["signs"] = {name: SIGNS[name] for name in SITES}
        self._app = Starlette(routes=self._routes(), middleware=[Middleware(FaultyReplies, faults=self.faults)])
        self._server: _Server | None = None
        self._serving: asyncio.Task[None] | None = None

    @property
    def addresses(self) -> Addresses:
        """Where the sites are; known as soon as the town is made."""
        town = f"http://localhost:{self.port}"
        return Addresses(town=town, ledger=f"{town}/ledger.json", **{name: self._address(name) for name in SITES})

    def _address(self, site: str) -> str:
        return f"http://{site}.localhost:{self.port}"

    def app(self) -> Starlette:
        """The whole town as one ASGI application."""
        return self._app

    def redraw(self, releases: Mapping[str, str]) -> None:
        """From now on these sites stand in these releases; what was done and who is signed in stays as it is.

        Raises ValueError for a site or a release that there is not.
        """
        check_releases(releases)
        self.releases |= releases
        self._app.router.routes[:] = self._routes()

    def _routes(self) -> list[BaseRoute]:
        setting = Setting(self.ledger, self._now, self.faults, self._edition, self._address)
        tickets = TicketSite(self.box_office, setting)
        sites: dict[str, ASGIApp] = {
            "pizza": PizzaSite(self.shop, self.faults, self._edition("pizza")).app,
            "bistro": BistroSite(self.tables, self.faults, self._edition("bistro")).app,
            "mail": MailSite(self.post, self.identity, setting).app,
            "tickets": tickets.app,
            "rides": RideSite(self.stand, setting).app,
            "returns": ReturnSite(self.desk, setting).app,
            "customers": CustomerSite(self.customers, self.identity, setting).app,
            "garden": GardenSite(self.nursery, setting).app,
            "library": LibrarySite(self.catalogue, setting).app,
            "townhall": TownhallSite(self.permits, setting).app,
            "chores": ChoreSite(self.todo, setting).app,
            "admin": AdminSite(self.members, self.identity, setting).app,
            "waterworks": WaterSite(self.meters, setting).app,
            "seats": tickets.map_app(),
        }
        return [
            *(Host(f"{name}.localhost", site) for name, site in sites.items()),
            Route("/", self._landing),
            Route("/expire", self._expire, methods=["POST"]),
            Route("/redraw", self._redraw, methods=["POST"]),
            Route("/ledger", self._ledger_page),
            Route("/ledger.json", self._ledger_json),
        ]

    def _edition(self, site: str) -> Edition:
        return Edition(self.releases.get(site, FIRST), self._marks)

    async def _landing(self, request: Request) -> Response:
        return self._pages.render(request, "landing.html", rows=self.ledger.rows(), address=self._address)

    async def _expire(self, request: Request) -> Response:
        self.identity.expire()
        return Response("Everybody has to sign in again.\n", media_type="text/plain")

    async def _redraw(self, request: Request) -> Response:
        try:
            self.redraw(dict(request.query_params))
        except ValueError as error:
            return Response(f"{error}\n", 422, media_type="text/plain")
        return Response(f"Drawn anew: {dict(request.query_params)}\n", media_type="text/plain")

    async def _ledger_page(self, request: Request) -> Response:
        if "text/html" not in request.headers.get("accept", ""):
            return await self._ledger_json(request)
        return self._pages.render(request, "ledger.html", rows=self.ledger.rows())

    async def _ledger_json(self, request: Request) -> Response:
        return Response(self.ledger.as_json(), media_type="application/json")

    async def start(self) -> Addresses:
        """Listen. Returns when requests are answered."""
        config = uvicorn.Config(
            self.app(), http=CuttableProtocol, ws="none", lifespan="off", log_config=None, timeout_graceful_shutdown=2
        )
        self._server = _Server(config)
        self._serving = asyncio.create_task(self._server.serve([self._socket]), name="town")
        await self._server.listening.wait()
        return self.addresses

    async def stop(self) -> None:
        """Answer what is under way, then close. Harmless when already stopped."""
        if self._server is None or self._serving is None:
            self._socket.close()
            return
        self.faults.release()
        self._server.should_exit = True
        await self._serving
        self._server = self._serving = None

    async def __aenter__(self) -> Town:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()
