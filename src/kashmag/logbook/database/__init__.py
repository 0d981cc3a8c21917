"""The logbook in a database: the only room that writes SQL."""

from kashmag.logbook.database.database import DatabaseLogbook, open_logbook

__all__ = ["DatabaseLogbook", "open_logbook"]
