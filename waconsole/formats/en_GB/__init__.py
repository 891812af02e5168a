"""British English as the inbox writes it."""
