"""Who talks with us, what was said, and who answers."""
