"""When a line of a log was written, as far as it says; times without a zone are taken for UTC; pure."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

ISO = re.compile(r"(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,]\d+)?(Z|[+-]\d\d:?\d\d)?")
SYSLOG = re.compile(r"\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +(\d{1,2}) (\d\d):(\d\d):(\d\d)\b")
EPOCH = re.compile(r"\"(?:__REALTIME_TIMESTAMP|ts)\" *: *\"?(\d{10})")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
HEAD = 200  # a line's time stands at its beginning
DAY = timedelta(days=1)


def moment(line: str, now: datetime) -> datetime | None:
    """The moment, or None; the year that syslog leaves out is the last one in which the date is not ahead of `now`."""
    head = line[:HEAD]
    iso = ISO.search(head)
    try:
        if iso:
            year, month, day, hour, minute, second = (int(part) for part in iso.groups()[:6])
            return datetime(year, month, day, hour, minute, second, tzinfo=timezone.utc) - _offset(iso[7])
        syslog = SYSLOG.search(head)
        if syslog:
            month = MONTHS.index(syslog[1]) + 1
            day, hour, minute, second = (int(part) for part in syslog.groups()[1:])
            found = datetime(now.year, month, day, hour, minute, second, tzinfo=timezone.utc)
            return found if found <= now + DAY else found.replace(year=now.year - 1)
        epoch = EPOCH.search(line)
        return datetime.fromtimestamp(int(epoch[1]), tz=timezone.utc) if epoch else None
    except (ValueError, OverflowError):
        return None


def _offset(zone: str | None) -> timedelta:
    if zone is None or zone == "Z":
        return timedelta()
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    return timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1)
