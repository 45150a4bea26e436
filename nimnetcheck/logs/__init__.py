"""What the products' own logs say, under the same names as what probes see. Reads files, sends nothing."""

from nimnetcheck.logs.observe import SUBJECT, observe
from nimnetcheck.logs.sources import usual

__all__ = ["SUBJECT", "observe", "usual"]
