"""Which object an id names, and what can be done with it: one table a kind of object."""

from collections.abc import Callable
from typing import Any

from simulator import world
from simulator.graph import (
    accounts,
    blocks,
    errors,
    handles,
    messages,
    numbers,
    profile,
    templates,
    uploads,
    usage,
)
from simulator.graph.call import Call
from simulator.media import files
from simulator.models import Media, Number, Template

Answer = dict[str, Any]

NUMBER: dict[tuple[str, str], Callable[[Call, Number], Answer]] = {
    ("POST", "messages"): messages.post,
    ("POST", "marketing_messages"): messages.post_marketing,
    ("POST", "media"): uploads.upload,
    ("GET", ""): numbers.show,
    ("POST", ""): numbers.change,
    ("POST", "register"): numbers.register,
    ("POST", "deregister"): numbers.deregister,
    ("POST", "request_code"): numbers.request_code,
    ("POST", "verify_code"): numbers.verify_code,
    ("GET", "settings"): numbers.show_settings,
    ("POST", "settings"): numbers.change_settings,
    ("GET", "whatsapp_business_profile"): profile.show,
    ("POST", "whatsapp_business_profile"): profile.change,
    ("GET", "block_users"): blocks.listing,
    ("POST", "block_users"): blocks.block,
    ("DELETE", "block_users"): blocks.unblock,
}
ACCOUNT: dict[tuple[str, str], Callable[[Call, str], Answer]] = {
    ("GET", ""): accounts.show,
    ("GET", "phone_numbers"): accounts.phone_numbers,
    ("GET", "subscribed_apps"): accounts.subscriptions,
    ("POST", "subscribed_apps"): accounts.subscribe,
    ("DELETE", "subscribed_apps"): accounts.unsubscribe,
    ("GET", "message_templates"): templates.listing,
    ("POST", "message_templates"): templates.create,
    ("DELETE", "message_templates"): templates.delete,
}
TEMPLATE: dict[tuple[str, str], Callable[[Call, Template], Answer]] = {
    ("GET", ""): templates.show,
    ("POST", ""): templates.edit,
    ("POST", "unpause"): templates.unpause,
}
APP: dict[tuple[str, str], Callable[[Call, str], Answer]] = {("POST", "uploads"): handles.begin}
MEDIA: dict[tuple[str, str], Callable[[Call, Media], Answer]] = {
    ("GET", ""): uploads.look_up,
    ("DELETE", ""): uploads.delete,
}


def answer(call: Call) -> Answer:
    """The answer of the edge that the path names. Raises: GraphError."""
    object_id, _, edge = call.path.partition("/")
    if call.path == "debug_token":
        return accounts.debug_token(call)
    if call.method == "POST" and object_id.startswith(handles.SESSION):
        return handles.receive(call, object_id)
    table, found = _object(object_id, call)
    if table is ACCOUNT:
        usage.count(call, object_id)
    act = table.get((call.method, edge))
    if act is None:
        raise errors.unknown_path(edge) if edge else errors.unknown_object(object_id, call.method)
    result: Answer = act(call, found)
    return result


def _object(object_id: str, call: Call) -> tuple[dict[tuple[str, str], Any], Any]:
    snapshot = world.current()
    number = snapshot.numbers.get(object_id)
    if number is not None:
        return NUMBER, number
    if any(one.waba_id == object_id for one in snapshot.numbers.values()):
        return ACCOUNT, object_id
    if object_id in (accounts.APP["id"], "app"):
        return APP, object_id
    template = Template.objects.filter(template_id=object_id, deleted_at__isnull=True).first()
    if template is not None:
        return TEMPLATE, template
    media = files.find(object_id)
    if media is not None:
        return MEDIA, media
    raise errors.unknown_object(object_id, call.method)
