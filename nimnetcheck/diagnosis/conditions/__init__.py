"""When entries apply: pure conditions on an observation and on what else was seen, by layer."""
