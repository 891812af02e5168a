"""How the API is described: what drf-spectacular finds, and what the frame adds."""

from __future__ import annotations

import inspect
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from conversations.api import access, problems

OURS = "/api/v1/"
PROBLEM = {"$ref": "#/components/schemas/Problem"}
STRING = {"type": "string"}
IF_NONE_MATCH = "The tag of the state you have: 304 where it has not changed."
IF_MATCH = "The tag of the state you saw: 412 where it has changed since."
IDEMPOTENCY = (
    "A random key of yours. The same key and request get the first answer again for 24 hours."
)
HEADERS: dict[str, Any] = {
    "X-Request-Id": {"schema": STRING, "description": "For whoever looks into it with you."},
    "RateLimit-Remaining": {
        "schema": {"type": "string"},
        "description": "Calls that are left; in a minute all are back.",
    },
}
TAG: dict[str, Any] = {"ETag": {"schema": STRING, "description": "The state of the row."}}
LOCATION: dict[str, Any] = {"Location": {"schema": STRING, "description": "Where it stands now."}}
PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "What went wrong, as RFC 9457 tells it. Decide by `code`; it never changes.",
    "required": ["type", "title", "status", "code", "detail", "what_to_do", "instance", "errors"],
    "properties": {
        "type": STRING,
        "title": STRING,
        "status": {"type": "integer"},
        "code": {**STRING, "examples": ["invalid_fields"]},
        "detail": STRING,
        "what_to_do": STRING,
        "instance": {**STRING, "description": "The request's id, as in X-Request-Id."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "detail"],
                "properties": {
                    "pointer": {**STRING, "description": "Where in the body: #/name"},
                    "parameter": {**STRING, "description": "Which query parameter"},
                    "header": {**STRING, "description": "Which header"},
                    "code": STRING,
                    "detail": STRING,
                    "what_to_do": STRING,
                },
            },
        },
    },
    "examples": [
        {
            "type": f"{problems.DOCS}#invalid_fields",
            "title": "A field is wrong",
            "status": 422,
            "code": "invalid_fields",
            "detail": "One field is wrong.",
            "what_to_do": "Mend what `errors` names.",
            "instance": "urn:uuid:3e969abc-2235-4d5e-b656-c8c0246006ec",
            "errors": [
                {
                    "pointer": "#/phone_number",
                    "code": "no_number",
                    "detail": "There are digits missing.",
                    "what_to_do": "Write it with + and the country code: +27 82 123 4567.",
                }
            ],
        }
    ],
}


class Schema(AutoSchema):
    """What drf-spectacular finds, and what the frame adds: scope, tags, keys, the tag's headers."""

    def get_tags(self) -> list[str]:
        return [self.path.removeprefix(OURS).split("/")[0].replace("_", " ")]

    def get_description(self) -> str:  # type: ignore[override]  # as its parent has it
        scope = access.needed(self.view, self._action())
        needs = f"Needs the scope `{scope.name}`." if scope and scope.permissions else ""
        # What the classes say is for who reads the code.
        method = getattr(self.view, self._action(), None)
        said = inspect.getdoc(method) or ""
        return "\n\n".join(part for part in (said, needs) if part)

    def get_serializer_name(self, serializer: Any, direction: Any) -> str:
        """Contact, where the class is ContactBody."""
        name: str = super().get_serializer_name(serializer, direction)
        return name.removesuffix("Body")

    def _map_serializer(
        self, serializer: Any, direction: Any, bypass_extensions: Any = False
    ) -> Any:
        """A body's `example` stands beside its fields."""
        schema: dict[str, Any] = super()._map_serializer(  # type: ignore[no-untyped-call]  # untyped
            serializer, direction, bypass_extensions
        )
        example = getattr(serializer, "example", None)
        return {**schema, "examples": [example]} if example else schema

    def get_operation_id(self) -> str:
        name = super().get_operation_id()
        return name.removeprefix("api_v1_").removeprefix("v1_")

    def get_override_parameters(self) -> list[Any]:
        wanted = {"Idempotency-Key": IDEMPOTENCY} if self.method == "POST" else {}
        if hasattr(self.view, "locked") and "{" in self.path:
            wanted |= (
                {"If-None-Match": IF_NONE_MATCH} if self.method == "GET" else {"If-Match": IF_MATCH}
            )
        headers = [
            OpenApiParameter(name, str, OpenApiParameter.HEADER, description=text)
            for name, text in wanted.items()
        ]
        named = getattr(self.view, "parameters", {}).get(self._action(), ())
        return [*headers, *(OpenApiParameter(name, str) for name in named)]

    def _action(self) -> str:
        return str(getattr(self.view, "action", None) or self.method.lower())


class KeyInDescription(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # untyped
    """How a key is sent."""

    target_class = "conversations.api.clients.Key"
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "wac_..., from the console."}


class SignedInInDescription(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # untyped
    """Staff who are signed in to the console."""

    target_class = "conversations.api.clients.SignedIn"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}


def only_ours(endpoints: list[tuple[str, str, str, Any]]) -> list[tuple[str, str, str, Any]]:
    """The addresses of the API, of all that the project answers."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith(OURS)]


def with_problems(result: dict[str, Any], **_more: Any) -> dict[str, Any]:
    """Every operation may answer with a problem, and every single row with a tag or with 304."""
    result["components"].setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
    told = {
        "description": "What went wrong: " + ", ".join(sorted(problems.KINDS)) + ".",
        "content": {problems.MEDIA_TYPE: {"schema": PROBLEM}},
    }
    result["components"].setdefault("responses", {})["Problem"] = told
    for operations in result["paths"].values():
        for operation in operations.values():
            _tell_of(operation)
    return result


def _tell_of(operation: dict[str, Any]) -> None:
    """What the frame adds to the answers of every operation."""
    asked = {one["name"] for one in operation.get("parameters", [])}
    for status, response in operation["responses"].items():
        told = HEADERS | (TAG if asked & {"If-None-Match", "If-Match"} else {})
        response["headers"] = told | (LOCATION if status == "201" else {})
    operation["responses"]["default"] = {"$ref": "#/components/responses/Problem"}
    if "If-None-Match" in asked:
        operation["responses"]["304"] = {"description": "As you have it.", "headers": TAG}
