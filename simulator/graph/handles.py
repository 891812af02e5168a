"""Resumable uploads: the handle that a template's sample or a profile picture is named by.

Source: Graph API, resumable upload: a session of the app, then the bytes, then a handle.
"""

from typing import Any

from simulator import ids
from simulator.graph import errors
from simulator.graph.call import Call

SESSION = "upload:"


def begin(call: Call, app_id: str) -> dict[str, Any]:
    """A session: `{"id": "upload:..."}`."""
    for name in ("file_length", "file_type"):
        if not call.body.get(name):
            raise errors.required(name)
    return {"id": f"{SESSION}{ids.numeric(32)}"}


def receive(call: Call, session: str) -> dict[str, Any]:
    """All bytes at once: `{"h": "4::..."}`. Nothing here ever looks at them again."""
    if call.request.headers.get("File-Offset") != "0" or not call.request.body:
        raise errors.required("file_offset")
    return {"h": f"4::{ids.numeric(40)}"}
