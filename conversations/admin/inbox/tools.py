"""What the tools of the composer are told with the page: each is loaded when it is first used."""

from __future__ import annotations

import json

from conversations.media import limits

# What the browser checks a file with before it uploads it; the server believes the content alone.
FILE_LIMITS = json.dumps(
    {
        "kinds": limits.KIND_OF,
        "largest": limits.LARGEST,
        "names": limits.NAMES,
        "taken": limits.TAKEN,
    }
)
