"""One connection for each host of a submission, kept alive: how it is reached, and by what it is trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import httpx

from nimnetcheck import __version__
from nimnetcheck.submission import names
from nimnetcheck.submission.connection import Deadline, context
from nimnetcheck.submission.messages import Trouble
from nimnetcheck.submission.route import Anchor, proxy_for

if TYPE_CHECKING:
    import ssl

    from nimnetcheck.model import Address, World
    from nimnetcheck.site.proxy_setting import ProxySetting


@attrs.frozen(kw_only=True)
class Place:
    """One host: its connection, and what to try, as it stands in a URL: addresses, or the name where a proxy leads."""

    host: str
    port: int
    client: httpx.Client
    targets: tuple[str, ...]
    proxied: bool = False


@attrs.define(kw_only=True)
class Places:
    """The hosts of one World as they come up; `own` is the user's: trusted by its anchor, never through the proxy."""

    world: World
    timeout_s: float
    own: tuple[str, int] | None
    anchor: Anchor
    proxy: ProxySetting | None
    deadline: Deadline = attrs.field(factory=Deadline)
    _known: dict[tuple[str, int], Place] = attrs.field(factory=dict, init=False)
    _vendor: ssl.SSLContext = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Load the trust store once."""
        self._vendor = context(Anchor(), self.world.ca_file, self.deadline)

    def find(self, host: str, port: int) -> Place | Trouble:
        """How to reach a host, or why it leads nowhere."""
        known = self._known.get((host, port)) or self._make(host, port)
        if isinstance(known, Place):
            self._known[host, port] = known
        return known

    def prefer(self, place: Place, targets: tuple[str, ...]) -> None:
        """Try these first from now on, unless the place was dropped."""
        if (place.host, place.port) in self._known:
            self._known[place.host, place.port] = attrs.evolve(place, targets=targets)

    def drop(self, place: Place) -> None:
        """End the connection to a host; the next request makes another."""
        self._known.pop((place.host, place.port), place).client.close()

    def close(self) -> None:
        """Close every connection."""
        for place in self._known.values():
            place.client.close()

    def _make(self, host: str, port: int) -> Place | Trouble:
        is_own = (host, port) == self.own
        proxy = None if is_own else proxy_for(self.proxy, host, port)
        dialled = (proxy.host, proxy.port) if proxy else (host, port)
        found = names.resolve(self.world, *dialled, timeout_s=self.timeout_s)
        if isinstance(found, Trouble):
            return found
        verify = context(self.anchor, self.world.ca_file, self.deadline) if is_own else self._vendor
        client = self._connection(verify, _url(proxy, *found[0]) if proxy else None)
        targets = (f"{host}:{port}",) if proxy else tuple(names.literal(*target) for target in found)
        return Place(host=host, port=port, client=client, targets=targets, proxied=proxy is not None)

    def _connection(self, verify: ssl.SSLContext, proxy: httpx.Proxy | None) -> httpx.Client:
        return httpx.Client(
            verify=verify,
            proxy=proxy,
            trust_env=False,
            follow_redirects=False,
            timeout=self.timeout_s,
            headers={"User-Agent": f"nimnetcheck/{__version__}", "Accept-Encoding": "identity"},
        )


def _url(proxy: ProxySetting, address: Address, port: int) -> httpx.Proxy:
    credentials = (proxy.username, proxy.password) if proxy.username else None
    return httpx.Proxy(f"http://{names.literal(address, port)}", auth=credentials)
