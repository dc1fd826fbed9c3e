"""The days of a school or a team as a calendar that other programs follow."""
