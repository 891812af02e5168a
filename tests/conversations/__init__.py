"""The acts and doors of the conversations."""
