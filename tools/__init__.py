"""Small commands that make runs: the environment, the system's programs, the catalogs, the scripts."""
