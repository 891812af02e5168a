"""The assistant room, tested with the real SDK against a real HTTP server."""
