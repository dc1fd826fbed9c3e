"""The first page of each role, the navigation, and what is known of every visit."""
