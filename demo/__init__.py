"""A made-up kabupaten to try everything: real schools, invented students, a programme half way through."""
