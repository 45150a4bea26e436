"""The kernel as judge: a throw-away copy of a host's firewall, real packets, and the kernel's own trace."""
