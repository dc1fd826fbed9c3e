"""Paper that leaves the building: slips, crews, and everything for a date or a week in one file."""
