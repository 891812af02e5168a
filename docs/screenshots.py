"""Takes the pictures of the README from the demo, with real processes and a real browser.

`make screenshots` comes in here. It needs Debian's chromium and fonts-noto-color-emoji.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django  # noqa: E402 -- the settings are named above

django.setup()

from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

from tests.processes.running import Console  # noqa: E402
from waconsole import demo_data, embedded  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
INBOX = "/admin/conversations/thread/inbox/"
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
DESK, TALL, HAND = (1440, 900), (1440, 1180), (390, 844)
LOAD = "from waconsole import demo_data; demo_data.load(); demo_data.tell_phones('{url}')"
STARRING = "Bongani Nkosi"
THREAD = """
    SELECT thread.id FROM conversations_thread AS thread
    JOIN conversations_contact AS contact ON contact.id = thread.contact_id
    WHERE contact.name = %s
"""


def take_all(console: Console, browser: Browser, thread: int) -> None:
    """Every picture: the inbox light, dark and on a phone, the first page, and the simulator."""
    for name, scheme, size in (
        ("inbox-light", "light", DESK),
        ("inbox-dark", "dark", DESK),
        ("inbox-phone", "dark", HAND),
    ):
        with _page(browser, scheme, size) as page:
            _sign_in(page, console)
            page.goto(f"{console.url}{INBOX}{thread}/")
            _keep(page, name)
    for name, scheme, size in (
        ("today-light", "light", TALL),
        ("today-dark", "dark", TALL),
        ("today-phone", "light", HAND),
    ):
        with _page(browser, scheme, size) as page:
            _sign_in(page, console)
            page.goto(f"{console.url}/admin/")
            _keep(page, name)
    with _page(browser, "light", HAND) as page:
        page.goto(console.simulator_url)
        page.get_by_text("Thandi Mokoena").first.click()
        _keep(page, "phone")


@contextmanager
def _page(browser: Browser, scheme: str, size: tuple[int, int]) -> Iterator[Page]:
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        device_scale_factor=2 if size == HAND else 1,
        has_touch=size == HAND,
    )
    try:
        yield context.new_page()
    finally:
        context.close()


def _sign_in(page: Page, console: Console) -> None:
    page.goto(f"{console.url}/admin/login/?next={INBOX}")
    page.fill("[name=username]", "kim")
    page.fill("[name=password]", "demo-kim")
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"**{INBOX}")


def _keep(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(700)
    page.screenshot(path=PICTURES / f"{name}.png")


def main() -> None:
    """Start the demo, take the pictures, and leave nothing running."""
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("chromium is not installed: apt-get install chromium fonts-noto-color-emoji")
    embedded.hold(Path(os.environ["DATA_DIR"]).resolve())
    with Console(simulator=True, env=demo_data.ENVIRONMENT) as console:
        console.manage("shell", "-c", LOAD.format(url=console.simulator_url))
        ((thread,),) = console.query(THREAD, STARRING)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=OPTIONS)
            take_all(console, browser, thread)
            browser.close()


if __name__ == "__main__":
    main()
