"""The side-by-side benchmark: what its three commands (run, idle, start) share. Python's standard library only."""
