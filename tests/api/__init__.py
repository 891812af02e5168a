"""The door for internal systems."""
