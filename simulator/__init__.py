"""The outside world for development, demos and tests: Meta's Graph API and a phone.

A process of its own that speaks HTTP only. It imports nothing of the console, and nothing of the
console imports it, so it serves any WhatsApp program that is given its addresses and secrets.
"""
