"""From plan to coverage: which days, whose places, what came of them, what is left to do."""
