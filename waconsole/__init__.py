"""The project: settings, urls, wiring, health and the processes. Imported by nobody."""
