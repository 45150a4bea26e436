"""nimnetcheck: is the path from this host to F5's usage and licence endpoints open, and if not, why not."""

__version__ = "0.1.0"
