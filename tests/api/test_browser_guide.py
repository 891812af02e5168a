"""The guide in a real browser: each page can be read, light and dark, on a desk and a phone."""

from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from conversations.api import guide

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_every_page_can_be_read(
    scheme: Literal["light", "dark"], width: int, chromium: Browser, live_server: LiveServer
) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 844}, color_scheme=scheme)
    wrong: list[Any] = []
    for name in guide.PAGES:
        page.goto(f"{live_server.url}/api/docs/{name}")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append((name, "wider than the screen"))
        found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        wrong += [(name, rule["id"], rule["nodes"][0]["html"][:120]) for rule in found]
    page.close()
    assert wrong == []
