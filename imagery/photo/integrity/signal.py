"""``Signal``: something in a file that an examiner should look at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """Something to look at, and how far it can be trusted. Never a verdict.

    Attributes:
        signal: what it is called; the same name always means the same thing.
        value: what the file says; None if that it is so is all there is to say.
        means: what it means, and what it does not.
        misleads: when, and where it was measured how often, it is raised without anything being
            wrong, or stays away although something is.
    """

    signal: str
    value: str | None
    means: str
    misleads: str = ""

    def as_dict(self) -> dict[str, object]:
        """``{"signal", "value", "means"}``."""
        return {"signal": self.signal, "value": self.value, "means": self.means}
