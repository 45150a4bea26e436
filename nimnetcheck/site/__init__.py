"""What this host is and what it is configured to do, read from its files. Sends nothing, needs no root."""
