"""The recording day: the list on the officer's phone, marks as they arrive, closing, and the retakes that follow."""
