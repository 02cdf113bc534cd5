"""What can go wrong with schedules.

ScheduleError
├── ScheduleUnknown   the person has no such schedule (any more)
├── SchedulesFull     the person has as many as one may have
└── ScheduleUnfit     what was given cannot be scheduled; says what, why, and what can be
"""

from __future__ import annotations

from cloud.errors import CloudError


class ScheduleError(CloudError):
    """Root of the errors of schedules. Its text is a sentence for people."""

    code = "schedule"


class ScheduleUnknown(ScheduleError, LookupError):
    """The person has no such schedule."""

    code = "schedule_unknown"


class SchedulesFull(ScheduleError):
    """The person has as many schedules as one may have."""

    code = "schedules_full"


class ScheduleUnfit(ScheduleError, ValueError):
    """What was given cannot be scheduled."""

    code = "schedule_unfit"
