"""Packets in a twin: sent, answered, and followed through the kernel's own trace."""
