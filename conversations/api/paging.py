"""Pages that nothing moves: the cursor is the key of the last row that was seen.

What is written meanwhile neither repeats a row nor skips one. `next` and `previous` are whole
addresses, null at the ends.
"""

from __future__ import annotations

from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor as Position
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request

from conversations.api.problems import Fault, Problem

PAGE_SIZE = 50
PAGE_SIZE_MAX = 200
KEY_DIGITS = 18  # of a bigint; more would be no key of ours
PARAMETERS = frozenset({"cursor", "page_size"})


class Cursor(CursorPagination):
    """Newest rows first, by their keys."""

    page_size = PAGE_SIZE
    max_page_size = PAGE_SIZE_MAX
    page_size_query_param = "page_size"
    ordering = "-pk"
    cursor_query_description = "Where a page begins: as `next` and `previous` have it."
    page_size_query_description = f"Rows of a page: {PAGE_SIZE}, at most {PAGE_SIZE_MAX}."

    def get_page_size(self, request: Request) -> int:
        return page_size(request)

    def decode_cursor(self, request: Request) -> Position | None:
        try:
            position = super().decode_cursor(request)
        except NotFound as error:
            raise _wrong("cursor", "It is none that was given here.") from error
        if position and position.position is not None and not _is_key(str(position.position)):
            raise _wrong("cursor", "It is none that was given here.")
        return position


def page_size(request: Request) -> int:
    """The rows of a page that are asked for. Raises: Problem for what is no such number."""
    asked = request.query_params.get("page_size", str(PAGE_SIZE))
    is_number = asked.isascii() and asked.isdigit() and len(asked) <= KEY_DIGITS
    if not (is_number and 1 <= int(asked) <= PAGE_SIZE_MAX):
        raise _wrong("page_size", f"It is not a number from 1 to {PAGE_SIZE_MAX}.")
    return int(asked)


class OldestFirst(Cursor):
    """For what is read to its end again and again."""

    ordering = "pk"


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= KEY_DIGITS


def _wrong(parameter: str, detail: str) -> Problem:
    advice = "Follow `next` and `previous` as they are." if parameter == "cursor" else ""
    fault = Fault(("parameter", parameter), detail, what_to_do=advice)
    return Problem("invalid_parameters", detail, faults=(fault,))
