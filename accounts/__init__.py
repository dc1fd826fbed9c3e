"""Offices, the people who sign in, what they may do, and what they did."""
