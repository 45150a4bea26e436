"""What this host is and what it is configured to do, read from its files. Sends nothing, needs no root."""

from nimnetcheck.site.clock import clock
from nimnetcheck.site.confinement import observe as confined
from nimnetcheck.site.facts import Facts, read
from nimnetcheck.site.host import firewall_tools, privileges, resolvers
from nimnetcheck.site.products import installed, observe
from nimnetcheck.site.rules import observe as rules_observe
from nimnetcheck.site.rules import read as rules_read
from nimnetcheck.site.users import as_users, service_users
from nimnetcheck.site.view import observe as products_view

__all__ = [
    "Facts",
    "as_users",
    "clock",
    "confined",
    "firewall_tools",
    "installed",
    "observe",
    "privileges",
    "products_view",
    "read",
    "resolvers",
    "rules_observe",
    "rules_read",
    "service_users",
]
