"""Part of the programme."""
