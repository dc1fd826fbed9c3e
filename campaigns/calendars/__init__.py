"""When nothing can be planned: the calendar of the office, and those of the schools."""
