"""What Meta does to templates without being asked."""

from simulator import clock, reviews
from simulator.happenings.made import NothingToHappenTo
from simulator.models import Chat, Number, Template


def _template(number: Number, *, status: str = "APPROVED") -> Template:
    found = Template.objects.filter(waba_id=number.waba_id, status=status, deleted_at__isnull=True)
    template = found.order_by("id").last()
    if template is None:
        raise NothingToHappenTo(f"There is no template that is {status}.")
    return template


def pause(number: Number, chat: Chat) -> None:
    more = {"title": "FIRST_PAUSE", "description": "Paused for 3 hours for low quality."}
    reviews.set_status(_template(number), "PAUSED", other_info=more)


def disable(number: Number, chat: Chat) -> None:
    moment = clock.now().strftime("%m/%d/%Y")
    reviews.set_status(_template(number), "DISABLED", disable_info={"disable_date": moment})


def reject(number: Number, chat: Chat) -> None:
    reviews.set_status(_template(number), "REJECTED", reason="PROMOTIONAL")


def unpause(number: Number, chat: Chat) -> None:
    template = _template(number, status="PAUSED")
    reviews.set_status(template, "APPROVED", other_info={"title": "UNPAUSE"})


def worse_quality(number: Number, chat: Chat) -> None:
    template = _template(number)
    before, template.quality_score = template.quality_score, "RED"
    template.save(update_fields=["quality_score"])
    value = {"previous_quality_score": before, "new_quality_score": "RED"}
    reviews.tell(template, "message_template_quality_update", value)


def category_changes(number: Number, chat: Chat) -> None:
    template = _template(number)
    before, template.category = template.category, "MARKETING"
    template.save(update_fields=["category"])
    value = {"previous_category": before, "new_category": "MARKETING"}
    reviews.tell(template, "template_category_update", value)


def category_will_change(number: Number, chat: Chat) -> None:
    template = _template(number)
    value = {
        "correct_category": "MARKETING",
        # In this shape, and in this shape only, "new" is the category it still has.
        "new_category": template.category,
        "category_update_timestamp": int(clock.now().timestamp()) + 86_400,
    }
    reviews.tell(template, "template_category_update", value)
