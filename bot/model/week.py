"""The week a recap covers."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.model.errors import NotFound
from bot.model.values import WeekId


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """
    A week in a zone, named by the ISO week of its first day.

    *starts_on* is the weekday it begins on, 0 for Monday to 6 for Sunday: a week
    that begins on Sunday is named by the Monday after it.
    """

    year: int
    number: int
    zone: str = "UTC"
    starts_on: int = 0

    @classmethod
    def parse(cls, text: WeekId, *, zone: str = "UTC", starts_on: int = 0) -> "Week":
        """
        Return the week named *text*, such as `2026-W47`.

        Raises: NotFound where no such week exists.
        """
        found = re.fullmatch(r"(\d{4})-?[Ww](\d{1,2})", text.strip())
        if not found:
            meant = re.search(r"(\d{4})\D*(\d{1,2})\b", text)
            wanted = f"did you mean {meant[1]}-W{int(meant[2]):02}?" if meant else "write it like 2026-W47."
            raise NotFound(f"'{text}' is not a week; {wanted}")
        year, number = int(found[1]), int(found[2])
        try:
            date.fromisocalendar(year, number, 1)
        except ValueError as exc:
            last = date(year, 12, 28).isocalendar().week if year else 52  # always in the year's last week
            raise NotFound(f"{year} has no week {number}; its weeks are {year:04}-W01 to {year:04}-W{last}.") from exc
        return cls(year, number, zone, starts_on)

    @classmethod
    def of(cls, at: datetime, *, zone: str = "UTC", starts_on: int = 0) -> "Week":
        """Return the week that holds the moment *at*."""
        shift = (7 - starts_on) % 7
        day = at.astimezone(ZoneInfo(zone)).date() + timedelta(days=shift)
        year, number, _ = day.isocalendar()
        return cls(year, number, zone, starts_on)

    @property
    def id(self) -> WeekId:
        """The week's name, such as `2026-W47`."""
        return f"{self.year:04d}-W{self.number:02d}"

    @property
    def first_day(self) -> date:
        """The local date the week begins on."""
        monday = date.fromisocalendar(self.year, self.number, 1)
        return monday - timedelta(days=(7 - self.starts_on) % 7)

    @property
    def last_day(self) -> date:
        """The local date of the week's seventh day."""
        return self.first_day + timedelta(days=6)

    @property
    def starts_at(self) -> datetime:
        """The week's first moment, in UTC."""
        return self._midnight(self.first_day)

    @property
    def ends_at(self) -> datetime:
        """The first moment after the week, in UTC."""
        return self._midnight(self.first_day + timedelta(days=7))

    @property
    def previous(self) -> "Week":
        """The week before."""
        return self._moved(-7)

    @property
    def next(self) -> "Week":
        """The week after."""
        return self._moved(7)

    def holds(self, at: datetime) -> bool:
        """Return whether the moment *at* lies in the week."""
        return self.starts_at <= at < self.ends_at

    def _moved(self, days: int) -> "Week":
        day = date.fromisocalendar(self.year, self.number, 1) + timedelta(days=days)
        year, number, _ = day.isocalendar()
        return Week(year, number, self.zone, self.starts_on)

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), ZoneInfo(self.zone)).astimezone(UTC)
