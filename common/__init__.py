"""Plumbing that knows no school, student or programme."""
