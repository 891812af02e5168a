"""How a message, a day and a time read in the inbox: WhatsApp's formatting, made safe HTML."""

import re
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from conversations import clock

# What is kept apart while marks are read: two characters that no keyboard types.
HOLD, RELEASE = "\ue000", "\ue001"
APART = re.compile(
    r"```(?P<block>.+?)```"
    r"|`(?P<code>[^`\n]+)`"
    r"|(?P<link>https?://(?:(?!&(?:lt|gt|quot|\#x27);)[^\s\ue000\ue001])+)",
    re.DOTALL,
)
# Who is named in a note, as `notes` reads it, but in text that is escaped.
NAMED = r"|(?<![\w@.+-])(?P<name>@(?:&quot;(?:(?!&quot;)[^\n])+&quot;|[\w.@+-]*\w))"
APART_IN_NOTES = re.compile(APART.pattern + NAMED, re.DOTALL)
HELD = re.compile(f"{HOLD}(\\d+){RELEASE}")
# A mark opens after a space or a bracket and closes before one, as in WhatsApp: 2*3*4 stays.
MARKS = tuple(
    (re.compile(rf"(?<![\w{sign}]){sign}(?=[^\s{sign}])([^{sign}\n]*[^\s{sign}]){sign}(?!\w)"), tag)
    for sign, tag in ((r"\*", "strong"), ("_", "em"), ("~", "del"))
)
QUOTE = re.compile(r"^&gt; ?(.*)$", re.MULTILINE)
TRAILING = ".,;:!?)]}"


def wa_format(text: str) -> SafeString:
    """The text as WhatsApp shows it: escaped first, then *bold*, _italic_, ~struck~, code, link."""
    return _format(text, APART)


def note_format(text: str) -> SafeString:
    """The text of a note: the same, and whom it names stands out."""
    return _format(text, APART_IN_NOTES)


def _format(text: str, apart: re.Pattern[str]) -> SafeString:
    held: list[str] = []

    def hold(found: re.Match[str]) -> str:
        html, rest = _apart(found)
        held.append(html)
        return f"{HOLD}{len(held) - 1}{RELEASE}{rest}"

    safe = str(escape(text.replace(HOLD, "").replace(RELEASE, "")))
    safe = apart.sub(hold, safe)
    for mark, tag in MARKS:
        safe = mark.sub(rf"<{tag}>\1</{tag}>", safe)
    safe = QUOTE.sub(r"<q>\1</q>", safe)
    # Everything that came from the message was escaped above; only our own tags are added.
    return mark_safe(HELD.sub(lambda found: held[int(found[1])], safe))  # noqa: S308


def _apart(found: re.Match[str]) -> tuple[str, str]:
    """The HTML of code, a link or a name, and what behind a link is no part of it."""
    if name := found.groupdict().get("name"):
        return f'<b class="wa-at">{name}</b>', ""
    if found["block"] is not None:
        return f"<code>{found['block'].strip()}</code>", ""
    if found["code"] is not None:
        return f"<code>{found['code']}</code>", ""
    link, rest = _without_trailing(found["link"])
    html = f'<a href="{link}" target="_blank" rel="noopener noreferrer nofollow">{link}</a>'
    return html, rest


def _without_trailing(link: str) -> tuple[str, str]:
    """A link without the full stop behind it; an escaped character is never cut in two."""
    end = len(link)
    while end:
        if link[end - 1] not in TRAILING or link.endswith("&amp;", 0, end):
            break
        end -= 1
    return link[:end], link[end:]


def local(at: datetime) -> datetime:
    """The moment in the business's time zone."""
    return timezone.localtime(at)


def html_time(at: datetime) -> str:
    """The moment as the attribute of a <time> has it."""
    return local(at).isoformat()


def clock_time(at: datetime) -> str:
    """ "18:53"."""
    return f"{local(at):%H:%M}"


def day_label(day: date, today: date) -> str:
    """ "Today", "Yesterday", the weekday within a week, else "22 November 2026"."""
    if day == today:
        return "Today"
    if day == today - timedelta(days=1):
        return "Yesterday"
    if today - timedelta(days=7) < day < today:
        return date_format(day, "l")
    return date_format(day, "j F Y")


def list_time(at: datetime | None, today: date) -> str:
    """The time of a row in the list: "18:53" today, else the day, as short as it is clear."""
    if at is None:
        return ""
    here = local(at)
    day = here.date()
    if day == today:
        return f"{here:%H:%M}"
    label = day_label(day, today)
    return label if len(label) <= len("Wednesday") else date_format(day, "d/m/Y")


def moment(at: datetime) -> str:
    """When something will be: "16:30" today, "tomorrow 08:00", "Mon 08:00", "8 Dec 08:00"."""
    day, today = local(at).date(), local(clock.now()).date()
    if day == today:
        return clock_time(at)
    if day == today + timedelta(days=1):
        return f"tomorrow {clock_time(at)}"
    is_near = today < day < today + timedelta(days=7)
    return f"{date_format(day, 'D' if is_near else 'j M')} {clock_time(at)}"
