"""Times of 24 hours, as everywhere in the console; Django's own for this locale are of 12."""

TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j M Y, H:i"
SHORT_DATETIME_FORMAT = "d/m/Y H:i"
