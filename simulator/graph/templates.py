"""Message templates: list, create, edit, delete.

Source: Cloud API, template management; the review itself is in simulator.reviews.
"""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils import timezone

from simulator import clock, ids, reviews
from simulator.graph import errors, template_rules
from simulator.graph.call import Call
from simulator.models import Template

PAGE = 25
LARGEST_PAGE = 1000
NAME_HELD = timedelta(days=30)
EDITABLE = ("APPROVED", "REJECTED", "PAUSED")
EDITS_A_DAY, EDITS_A_MONTH = 1, 10
DAY_SECONDS = 86_400
TEMPLATES_MOST, CREATED_AN_HOUR = 250, 100


def listing(call: Call, waba_id: str) -> dict[str, Any]:
    """`{"data": [...], "paging": {...}}`, oldest first, from the cursor `after`."""
    wanted = _filtered(call, waba_id).order_by("id")
    size = _page_size(call)
    after = _cursor(call)
    rows = list(wanted.filter(id__gt=after)[: size + 1])
    page, more = rows[:size], len(rows) > size
    paging: dict[str, Any] = {}
    if page:
        paging["cursors"] = {"before": str(page[0].pk), "after": str(page[-1].pk)}
    if more:
        paging["next"] = _next(call, str(page[-1].pk))
    return {"data": [_asked(call, one) for one in page], "paging": paging}


def show(call: Call, template: Template) -> dict[str, Any]:
    """One template."""
    return _asked(call, template)


def create(call: Call, waba_id: str) -> dict[str, Any]:
    """PENDING, and reviewed after a while: `{"id", "status", "category"}`."""
    wanted = template_rules.checked(call.body)
    _check_room(waba_id)
    _check_free(waba_id, wanted["name"], wanted["language"])
    template = Template.objects.create(
        template_id=ids.numeric(),
        waba_id=waba_id,
        status="PENDING",
        created_at=clock.now(),
        verdict_at=_verdict_at(call),
        **wanted,
    )
    return {"id": template.template_id, "status": "PENDING", "category": template.category}


def edit(call: Call, template: Template) -> dict[str, Any]:
    """New components, and a new review. An approved one: once a day, ten times a month."""
    if template.status not in EDITABLE:
        raise template_rules.refusal(2388039, "Template status does not allow editing")
    now = clock.now().timestamp()
    if template.status == "APPROVED":
        _check_edits(template.edits, now)
        if call.body.get("category", template.category) != template.category:
            raise template_rules.refusal(2388039, "The category of an approved template is fixed")
    wanted = template_rules.checked({**_as_created(template), **call.body})
    for name in ("components", "category"):
        setattr(template, name, wanted[name])
    template.status, template.edits = "PENDING", [*template.edits, int(now)]
    template.verdict_at = _verdict_at(call)
    template.save(update_fields=["components", "category", "status", "edits", "verdict_at"])
    return {"success": True}


def delete(call: Call, waba_id: str) -> dict[str, Any]:
    """All languages of a name, or with `hsm_id` one; an approved one's name is held for 30 days."""
    name, template_id = call.body.get("name"), call.body.get("hsm_id")
    if not name:
        raise errors.required("name")
    found = Template.objects.filter(waba_id=waba_id, name=name, deleted_at__isnull=True)
    if template_id:
        found = found.filter(template_id=str(template_id))
    if not found.exists():
        raise template_rules.refusal(2593002, "Message template not found")
    found.exclude(status="APPROVED").delete()
    found.update(deleted_at=clock.now(), status="DELETED")
    return {"success": True}


def unpause(call: Call, template: Template) -> dict[str, Any]:
    """A paused template is approved again, and the console is told."""
    if template.status != "PAUSED":
        return {"success": False, "reason": "The template is not paused."}
    reviews.set_status(template, "APPROVED", other_info={"title": "UNPAUSE"})
    return {"success": True}


def node(template: Template) -> dict[str, Any]:
    """Every field of a template."""
    return {
        "name": template.name,
        "parameter_format": template.parameter_format,
        "components": template.components,
        "language": template.language,
        "status": template.status,
        "category": template.category,
        "quality_score": {
            "score": template.quality_score,
            "date": int(clock.unix(template.created_at)),
        },
        "rejected_reason": template.rejected_reason,
        "id": template.template_id,
    }


def _asked(call: Call, template: Template) -> dict[str, Any]:
    asked = [name.strip() for name in str(call.body.get("fields") or "").split(",") if name.strip()]
    every = node(template)
    if not asked:
        hidden = ("quality_score", "rejected_reason")
        return {name: value for name, value in every.items() if name not in hidden}
    return {**{name: every[name] for name in asked if name in every}, "id": template.template_id}


def _filtered(call: Call, waba_id: str) -> QuerySet[Template]:
    found = Template.objects.filter(waba_id=waba_id, deleted_at__isnull=True)
    if call.body.get("name"):
        # The filter is a search, not an equality.
        found = found.filter(name__icontains=str(call.body["name"]))
    for field in ("status", "category", "language"):
        if call.body.get(field):
            found = found.filter(**{field: str(call.body[field])})
    return found


def _page_size(call: Call) -> int:
    given = str(call.body.get("limit") or PAGE)
    return min(max(int(given), 1), LARGEST_PAGE) if given.isdigit() else PAGE


def _cursor(call: Call) -> int:
    given = str(call.body.get("after") or "0")
    if not given.isdigit():
        raise errors.known(131059) if call.version >= 24 else errors.parameter("Invalid cursor")
    return int(given)


def _next(call: Call, after: str) -> str:
    query = {name: value for name, value in call.body.items() if name != "access_token"}
    return f"{call.root}{call.request.path}?{urlencode({**query, 'after': after})}"


def _check_room(waba_id: str) -> None:
    ours = Template.objects.filter(waba_id=waba_id)
    if ours.filter(deleted_at__isnull=True).count() >= TEMPLATES_MOST:
        raise template_rules.refusal(2388019, "Message template limit exceeded")
    if ours.filter(created_at__gt=clock.now() - timedelta(hours=1)).count() >= CREATED_AN_HOUR:
        raise errors.known(80007)


def _check_free(waba_id: str, name: str, language: str) -> None:
    same = Template.objects.filter(waba_id=waba_id, name=name, language=language)
    if same.filter(deleted_at__isnull=True).exists():
        raise template_rules.refusal(2388024, "Content in this language already exists")
    if same.filter(deleted_at__gt=clock.now() - NAME_HELD).exists():
        raise template_rules.refusal(
            2388023, "Message template language is being deleted", "The name is held for 4 weeks."
        )


def _check_edits(edits: list[int], now: float) -> None:
    today = [at for at in edits if at > now - DAY_SECONDS]
    month = [at for at in edits if at > now - 30 * DAY_SECONDS]
    if len(today) >= EDITS_A_DAY or len(month) >= EDITS_A_MONTH:
        raise template_rules.refusal(
            2388039, "Templates can be edited once a day, ten times a month"
        )


def _as_created(template: Template) -> dict[str, Any]:
    names = ("name", "language", "category", "components", "parameter_format")
    return {name: getattr(template, name) for name in names}


def _verdict_at(call: Call) -> Any:
    return timezone.now() + timedelta(seconds=call.switches.review_seconds)
