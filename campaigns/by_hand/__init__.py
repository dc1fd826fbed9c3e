"""A day moved by hand: what it breaks, what it costs, what is forced; days locked."""
