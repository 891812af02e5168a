"""The Cloud API of WhatsApp Business: what can be said, how it is sent, what comes back.

Pure: the standard library and requests. No Django, no clock, no settings; callers bring the
token and the time.
"""
