"""The migrations of the logbook's tables; run by `kashmag.logbook.database.opening`."""
