"""A configuration file of this host as text: bounded, and a reason in words where it cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 256 * 1024


def read(path: Path) -> tuple[str, str]:
    """The text of a file and why it could not be read; one of them is empty. Raises FileNotFoundError."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise
    except OSError as error:
        return "", f"{path}: {error.strerror}"
    if len(data) > MAX_BYTES:
        return "", f"{path}: longer than {MAX_BYTES // 1024} KiB"
    return data.decode("utf-8", "replace"), ""
