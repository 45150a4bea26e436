"""What an emulation is made of, before any of it listens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from nimnetcheck import net
from nimnetcheck.emulator import connect, entitlements, nim, teem
from nimnetcheck.emulator.alert import alerting
from nimnetcheck.emulator.authority import YEAR, Authority
from nimnetcheck.emulator.certificates import certificates, interception, trusting
from nimnetcheck.emulator.collector import HOST as COLLECTOR
from nimnetcheck.emulator.collector import Collector
from nimnetcheck.emulator.dispatch import RANGE, Dispatch, Hosts
from nimnetcheck.emulator.nim.points import Destination
from nimnetcheck.emulator.nim.state import State
from nimnetcheck.emulator.nim.uplink import Outlet
from nimnetcheck.emulator.places import end
from nimnetcheck.emulator.proxy import Forward, Proxy
from nimnetcheck.emulator.server import Listener, web

if TYPE_CHECKING:
    from datetime import datetime

    from nimnetcheck.emulator.faults import Faults
    from nimnetcheck.emulator.places import Sockets
    from nimnetcheck.model import World


@attrs.frozen(kw_only=True)
class Parts:
    """The hosts of one emulation, and what they share."""

    authority: Authority
    faults: Faults
    now: datetime
    state: State
    nim: nim.Nim
    collector: Collector
    hosts: Hosts
    dispatch: Dispatch
    open_proxy: Proxy
    guarded_proxy: Proxy

    @classmethod
    def made(cls, faults: Faults, version: str, mode: str, instances: int) -> Parts:
        """Everything but the sockets."""
        now, authority = net.utc_now(), Authority()
        state = State(version=version, mode=mode, instances=instances, subscription=authority.licence(now, YEAR))
        platform, collector = nim.Nim(state, authority, faults), Collector(faults)
        rights = entitlements.Entitlements(authority, faults)
        hosts = Hosts(
            vendor={
                teem.HOST: (*teem.Teem(authority, faults).routes(), *rights.on_product()),
                entitlements.HOST: rights.on_product_s(),
                connect.HOST: connect.Connect(authority).routes(),
            },
            nim=(nim.HOST, platform.routes()),
            collector=collector.routes(),
        )
        return cls(
            authority=authority,
            faults=faults,
            now=now,
            state=state,
            nim=platform,
            collector=collector,
            hosts=hosts,
            dispatch=Dispatch(hosts, faults),
            open_proxy=Proxy(faults),
            guarded_proxy=Proxy.guarded(faults),
        )

    def listeners(self, sockets: Sockets) -> tuple[Listener, ...]:
        """Who answers on each socket."""
        tunnels = sockets.tunnels(intercepted=self.faults.has("proxy-intercepts"))
        self.open_proxy.ends = self.guarded_proxy.ends = tunnels
        handle = web(self.dispatch)
        shown = certificates(self.authority, self.faults, self.now)
        behind = Listener(sock=sockets.behind, handle=handle, context=shown)
        if self.faults.has("mtls-alert"):
            refuse = alerting(entitlements.HOST, end(sockets.behind))
            in_front = [Listener(sock=sock, handle=refuse) for sock in sockets.web]
        else:
            in_front = [Listener(sock=sock, handle=handle, context=shown) for sock in sockets.web]
        return (
            *in_front,
            behind,
            Listener(sock=sockets.interception, handle=handle, context=interception()),
            Listener(sock=sockets.proxy, handle=self.open_proxy.handle),
            Listener(sock=sockets.guarded_proxy, handle=self.guarded_proxy.handle),
        )

    def connect_nim(self, world: World, collector: tuple[str, int], proxy: Forward | None) -> None:
        """Show the NIM the way out: by name, through a proxy if it has one, and straight to the collector."""
        trust = trusting(Authority() if self.faults.has("nim-old-bundle") else self.authority)
        self.nim.uplink.outlet = Outlet(world=world, context=trust, proxy=proxy)
        context = trusting(self.authority)
        context.set_alpn_protocols(["h2"])
        self.nim.points.destination = Destination(
            address=str(RANGE[1]), dial=collector, name=COLLECTOR, context=context
        )

    def forwards(self, sockets: Sockets) -> tuple[Forward, Forward]:
        """Both proxies as a client knows them: the one that asks for nothing, and the one that wants credentials."""
        return self.open_proxy.at(*end(sockets.proxy)), self.guarded_proxy.at(*end(sockets.guarded_proxy))
