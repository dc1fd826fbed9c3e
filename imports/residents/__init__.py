"""The office's own lists: residents already recorded for the KTP-el, or not yet, beside the students it knows."""
