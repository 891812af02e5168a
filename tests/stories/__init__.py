"""Stories with real processes: a phone, the console, and the people who work at it."""
