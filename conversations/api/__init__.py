"""The door for internal systems: `/api/v1/`, one file a resource. Staff who are signed in may use
it too, with their own rights.

The frame, from the outside in; a resource has nothing to do with it but to name its scopes:

    resource.py   every endpoint stands on `Resource` (rows) or `Door` (anything else)
    clients.py    who is calling: a key or a signed-in person, as one `Caller`
    access.py     what the action needs; an action that names nothing is refused
    rates.py      so many calls a minute, counted by the database
    once.py       `Idempotency-Key`: a POST that is repeated acts once
    etags.py      which state of a row somebody has seen: 304, 412
    paging.py     cursors;  filters.py: query parameters, and none that nobody knows
    bodies.py     what comes in and goes out as JSON;  problems.py: every error, RFC 9457
    calls.py      one row for every call
    schema.py     how all this is described;  documents.py: the description and its page

A resource (see labels.py for the smallest) says `access`, `queryset`, `serializer_class` and, where
it writes, methods of its own that call an act. A business domain does the same in its own `api/`,
mounted beside this one in the project's urls, with scopes of its own (`Domain.scopes`).
"""
