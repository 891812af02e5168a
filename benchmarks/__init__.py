"""`make bench`: how fast the console is on this machine, with what is promised beside it."""
