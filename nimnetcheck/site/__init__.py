"""What this host is and what it is configured to do, read from its files. Sends nothing, needs no root."""

from nimnetcheck.site.clock import clock
from nimnetcheck.site.facts import Facts, read
from nimnetcheck.site.host import firewall_tools, privileges, resolvers
from nimnetcheck.site.products import installed, observe

__all__ = ["Facts", "clock", "firewall_tools", "installed", "observe", "privileges", "read", "resolvers"]
