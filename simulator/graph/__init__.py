"""Meta's Graph API as the Cloud API uses it: `/v21.0/...`, one module a subject.

Programs come in by `views`; checks and answers are in the modules named after their subject.
"""
