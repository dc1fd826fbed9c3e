"""What schools ask, what waits for an answer, and the answer."""
