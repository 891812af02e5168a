"""Files from phone to staff and back, through every process: photo, document, voice message."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from playwright.sync_api import FilePayload, expect

from tests.acceptance.conftest import MakeSeat
from tests.acceptance.seat import Talk
from tests.media.files import PDF
from tests.processes.running import Console
from tests.stories.people import until

pytestmark = [pytest.mark.browser, pytest.mark.processes]


BILL: FilePayload = {"name": "bill.pdf", "mimeType": "application/pdf", "buffer": PDF}


def on_the_phone(talk: Talk, kind: str) -> dict[str, Any]:
    """The file of this kind that the customer was sent, once it is there."""

    def found() -> list[dict[str, Any]]:
        shown = [one["shape"].get("media") for one in talk.customer.sees()]
        return [file for file in shown if file and file["kind"] == kind]

    return dict(until(found, what=f"a file of the kind {kind}")[0])


def test_a_photo_is_seen_and_a_document_and_a_voice_message_go_back(
    console: Console, seat: MakeSeat
) -> None:
    talk = Talk(console, "Photo Phindi")
    here = seat()
    here.context.grant_permissions(["microphone"])
    here.open(talk.thread)
    talk.customer.sends("image", caption="My receipt")
    photo = here.page.locator(".wa-bubble.in img")
    expect(photo).to_have_attribute("alt", "My receipt")
    expect(photo).to_have_js_property("complete", True)
    assert photo.evaluate("image => image.naturalWidth") > 0
    here.take_over()
    with here.page.expect_file_chooser() as chooser:
        here.foot.get_by_role("button", name="Attach files").click()
    chooser.value.set_files(BILL)
    here.foot.get_by_role("button", name="Send", exact=True).click()
    bill = on_the_phone(talk, "document")
    assert bill["name"] == "bill.pdf"
    assert requests.get(console.simulator_url + bill["url"], timeout=10).content == PDF
    here.foot.get_by_role("button", name="Record a voice message").click()
    expect(here.page.get_by_role("timer")).to_have_text("0:01")
    here.page.get_by_role("button", name="Stop and listen").click()
    here.page.get_by_role("button", name="Send voice message").click()
    assert on_the_phone(talk, "audio")["mime_type"] == "audio/ogg"
    assert here.problems == []
