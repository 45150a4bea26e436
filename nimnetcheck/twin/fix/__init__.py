"""What must change so that a blocked flow goes out: proposed in the firewall's own language, proven in a twin."""
