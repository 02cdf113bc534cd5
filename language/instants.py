"""Local times as instants, also on the days when the clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo


def instant_of(moment: datetime, zone: tzinfo | None, after_s: float) -> float:
    """The UTC seconds at which it is that late, `moment` naive, in `zone` (None: that of this machine).

    Of an hour that comes twice it is the first that lies after `after_s`; of one that is left out, as long after the
    change as it would have been. May lie before `after_s` when that time has passed.
    """
    first, second = (moment.replace(tzinfo=zone, fold=fold).timestamp() for fold in (0, 1))
    return second if first <= after_s < second else first


def later(moment: datetime, seconds: int) -> datetime:
    """So many seconds later as they pass, also over a change of the clocks; without a zone in that of this machine."""
    if moment.tzinfo is None:
        return (moment.astimezone(UTC) + timedelta(seconds=seconds)).astimezone().replace(tzinfo=None)
    return (moment.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(moment.tzinfo)
