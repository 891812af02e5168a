"""The phone page in a real browser: write, tap, choose from a list, jump the clock, look inside."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, FilePayload, Locator, Page, expect

from simulator.media import samples
from tests.processes.waiting import wait_for
from tests.simulator.receiver import Listener
from tests.simulator.running import Simulator
from tests.simulator.test_customers import BUTTONS, MENU

pytestmark = [
    pytest.mark.browser,
    pytest.mark.processes,
    pytest.mark.usefixtures("django_db_setup"),
]
THANDI, SIPHO, LAST = "27821230001", "27821230002", "27821230012"


@pytest.fixture(scope="module")
def simulator(listener: Listener, django_db_setup: None) -> Iterator[Simulator]:
    """A simulator with a console that takes everything."""
    with Simulator("--webhook-url", listener.new().url, "--console-clock-url", "") as running:
        running.control("PATCH", "faults/", {"delivered_after_ms": 0, "sent_after_ms": 0})
        yield running


@pytest.fixture
def page(chromium: Browser, simulator: Simulator) -> Iterator[Page]:
    """The phone page on a desk; whatever the browser complains of fails the test."""
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    context = chromium.new_context(viewport={"width": 1280, "height": 860})
    opened = context.new_page()
    opened.on("console", note)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert complaints == []


@pytest.fixture
def thandi(page: Page, simulator: Simulator) -> Page:
    """Thandi's phone is open, and she has just written."""
    say(simulator, type="text", text="Hello there")
    page.goto(f"{simulator.url}/#{THANDI}")
    expect(page.locator("#log").get_by_text("Hello there").last).to_be_visible()
    return page


def say(simulator: Simulator, who: str = THANDI, **message: Any) -> Any:
    """A customer says something without the page."""
    return simulator.control("POST", f"customers/{who}/messages/", message)


def newest(simulator: Simulator) -> Any:
    """The last message in Thandi's chat."""
    return simulator.control("GET", f"customers/{THANDI}/messages/")[-1]


def arrived(page: Page, simulator: Simulator, words: str) -> Locator:
    """The bubble of a text that the business has just sent."""
    wamid = simulator.send(type="text", text={"body": words}).json()["messages"][0]["id"]
    bubble = page.locator(f'[data-wamid="{wamid}"]')
    expect(bubble).to_contain_text(words)
    return bubble


def test_a_customer_is_picked_and_writes(page: Page, simulator: Simulator) -> None:
    page.goto(simulator.url)
    expect(page.get_by_role("heading", name="Whose phone?")).to_be_visible()
    page.get_by_role("button", name="Lerato Khumalo").click()
    expect(page.locator("#subtitle")).to_contain_text("+27 82 123 0003")
    page.get_by_label("Message", exact=True).fill("Where is my *parcel*?")
    page.keyboard.press("Enter")
    expect(page.locator("#log strong")).to_have_text("parcel")
    expect(page.get_by_role("button", name="Lerato Khumalo")).to_contain_text("Where is my")
    expect(page.locator("#log").get_by_label("delivered").last).to_be_visible()
    assert page.locator("[aria-current]").count() == 1


def test_buttons_are_tapped_and_the_message_is_read(thandi: Page, simulator: Simulator) -> None:
    simulator.send(type="interactive", interactive=BUTTONS)
    thandi.get_by_role("button", name="Pay now").last.click()
    expect(thandi.locator("#log > li.mine").last).to_contain_text("Pay now")
    assert newest(simulator)["content"]["button_reply"]["id"] == "pay_now"
    sent = simulator.control("GET", "messages/?direction=out")[-1]
    expect(thandi.locator(f'[data-wamid="{sent["wamid"]}"]')).to_be_visible()
    assert_read(simulator, sent["wamid"])


def assert_read(simulator: Simulator, wamid: str) -> None:
    """The business hears that the message was read."""

    def is_read() -> bool:
        rows = simulator.control("GET", f"customers/{THANDI}/messages/")
        return any(one["wamid"] == wamid and one["status"] == "read" for one in rows)

    wait_for(is_read, what="the blue ticks")


def test_a_row_is_chosen_in_the_sheet(thandi: Page, simulator: Simulator) -> None:
    simulator.send(type="interactive", interactive=MENU)
    thandi.get_by_role("button", name="View options").last.click()
    sheet = thandi.get_by_role("dialog")
    expect(sheet.get_by_role("button", name="Send")).to_be_disabled()
    sheet.get_by_label("Track an order").check()
    sheet.get_by_role("button", name="Send").click()
    expect(sheet).to_be_hidden()
    expect(thandi.locator("#log > li.mine").last).to_contain_text("Track an order")
    assert newest(simulator)["content"]["list_reply"]["id"] == "track_order"


def test_a_photo_a_place_and_a_reaction_are_sent(thandi: Page, simulator: Simulator) -> None:
    for name in ("Sample photo", "Location"):
        thandi.get_by_role("button", name="Attach").click()
        thandi.get_by_role("dialog").get_by_role("button", name=name).click()
    expect(thandi.locator("#log img").last).to_be_visible()
    expect(thandi.locator("#log .map").last).to_be_visible()
    theirs = arrived(thandi, simulator, "Thank you")
    theirs.get_by_role("button", name="React or reply").focus()
    thandi.keyboard.press("Enter")
    thandi.get_by_role("dialog").get_by_role("button", name="React with 👍").click()
    expect(theirs.locator(".reactions")).to_have_text("👍")
    expect(thandi.locator("#log > li.mine").filter(has_text="👍")).to_have_count(0)
    assert newest(simulator)["type"] == "reaction"


KINDS = [
    ("Sample document", "document"),
    ("Sample video", "video"),
    ("Sticker", "sticker"),
    ("Contact", "contacts"),
]


def attach(page: Page, name: str) -> None:
    """Choose this behind the plus."""
    page.get_by_role("button", name="Attach").click()
    page.get_by_role("dialog").get_by_role("button", name=name).click()


def await_newest(simulator: Simulator, kind: str) -> Any:
    """The last message in Thandi's chat, once it is of this kind."""
    wait_for(lambda: newest(simulator)["type"] == kind, what=kind)
    return newest(simulator)


def test_everything_else_behind_the_plus_is_sent(thandi: Page, simulator: Simulator) -> None:
    for name, kind in KINDS:
        attach(thandi, name)
        await_newest(simulator, kind)
    thandi.get_by_role("button", name="Send a voice note").click()
    assert await_newest(simulator, "audio")["content"]["voice"] is True
    last = thandi.locator("#log > li.mine").last
    expect(last.get_by_role("button", name="Play")).to_be_visible()


def test_a_large_photo_of_ones_own_is_sent_with_its_words(
    thandi: Page, simulator: Simulator
) -> None:
    content = samples.of("image").content + bytes(4_900_000)
    thandi.get_by_label("Message", exact=True).fill("My new desk")
    with thandi.expect_file_chooser() as chooser:
        attach(thandi, "Photo From this computer")
    chooser.value.set_files(FilePayload(name="desk.jpg", mimeType="image/jpeg", buffer=content))
    sent = await_newest(simulator, "image")
    assert sent["text"] == "My new desk"
    assert sent["shape"]["media"]["size"] == len(content)
    expect(thandi.get_by_label("Message", exact=True)).to_have_value("")


@pytest.mark.parametrize("with_file", [False, True])
def test_what_could_not_be_sent_is_not_lost(
    chromium: Browser, simulator: Simulator, with_file: bool
) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{simulator.url}/#{THANDI}")
    arrived(page, simulator, "Which colour?").get_by_role("button", name="React or reply").focus()
    page.keyboard.press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Reply").click()
    page.route("**/say/", lambda route: route.fulfill(status=500, json={"error": "Not now."}))
    page.get_by_label("Message", exact=True).fill("Red")
    if with_file:
        with page.expect_file_chooser() as chooser:
            attach(page, "Document From this computer")
        chooser.value.set_files(FilePayload(name="a.txt", mimeType="text/plain", buffer=b"x"))
    else:
        page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_have_text("Not now.")
    expect(page.get_by_label("Message", exact=True)).to_have_value("Red")
    expect(page.locator("#replying:visible")).to_contain_text("Which colour?")
    context.close()


def test_a_reply_quotes(thandi: Page, simulator: Simulator) -> None:
    theirs = arrived(thandi, simulator, "Which colour?")
    theirs.hover()
    theirs.get_by_role("button", name="React or reply").click()
    thandi.get_by_role("dialog").get_by_role("button", name="Reply").click()
    expect(thandi.locator("#replying")).to_contain_text("Which colour?")
    thandi.keyboard.type("Red")
    thandi.keyboard.press("Enter")
    expect(thandi.locator("#log > li.mine").last.locator(".quote")).to_contain_text("Which colour?")
    assert newest(simulator)["context"]["id"]


def test_a_finger_that_rests_on_a_bubble_opens_its_menu(thandi: Page, simulator: Simulator) -> None:
    bubble = arrived(thandi, simulator, "Hold me").locator(".bubble")
    bubble.dispatch_event("pointerdown", {"pointerType": "touch"})
    expect(thandi.get_by_role("dialog", name="React or reply")).to_be_visible()


def test_typing_dots_come_and_go(thandi: Page, simulator: Simulator) -> None:
    said = say(simulator, type="text", text="Anybody?")
    read = {"messaging_product": "whatsapp", "status": "read", "message_id": said["wamid"]}
    simulator.http.post(
        f"{simulator.url}/v21.0/100000000000001/messages",
        json={**read, "typing_indicator": {"type": "text"}},
        headers={"Authorization": "Bearer demo-token"},
        timeout=10,
    )
    expect(thandi.locator("#typing")).to_be_visible()
    expect(thandi.locator("#subtitle")).to_have_text("typing…")
    simulator.send()
    expect(thandi.locator("#typing")).to_be_hidden()


def test_the_clock_jumps_and_comes_back(thandi: Page, simulator: Simulator) -> None:
    thandi.get_by_role("button", name="Jump the clock").click()
    thandi.get_by_role("dialog").get_by_role("button", name="25 h").click()
    expect(thandi.locator("#notice")).to_contain_text("The clock is 25 h ahead")
    assert simulator.control("GET", "")["offset_seconds"] == 90_000
    thandi.locator("#notice").get_by_role("button", name="Back to now").click()
    expect(thandi.locator("#notice")).not_to_contain_text("The clock")
    assert simulator.control("GET", "")["offset_seconds"] == 0


def test_the_drawer_unfolds_a_webhook(thandi: Page, simulator: Simulator) -> None:
    simulator.send()
    thandi.get_by_role("button", name="Developer drawer").click()
    drawer = thandi.get_by_role("complementary", name="Developer drawer")
    drawer.locator("summary").first.click()
    expect(drawer.locator("pre").first).to_contain_text("whatsapp_business_account")
    drawer.get_by_role("tab", name="Graph API calls").click()
    expect(drawer.locator("summary").first).to_contain_text("POST")
    thandi.keyboard.press("Escape")
    expect(drawer).to_be_hidden()


def test_markup_in_a_message_stays_text(thandi: Page, simulator: Simulator) -> None:
    say(simulator, type="text", text="<img src=x onerror=alert(1)> *<b>x</b>*")
    expect(thandi.locator("#log > li.mine").last).to_contain_text("<img src=x onerror=alert(1)>")
    expect(thandi.locator("#log > li.mine strong").last).to_have_text("<b>x</b>")


def test_another_phone_shows_nothing_of_the_former_one(thandi: Page, simulator: Simulator) -> None:
    thandi.get_by_role("button", name="Sipho Ndlovu").click()
    expect(thandi.locator("#subtitle")).to_contain_text("Sipho")
    expect(thandi.locator("#log").get_by_text("Hello there")).to_have_count(0)
    thandi.go_back()
    expect(thandi.locator("#log").get_by_text("Hello there").last).to_be_visible()


def test_a_hidden_page_does_not_ask(thandi: Page) -> None:
    asked: list[str] = []
    thandi.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    thandi.wait_for_timeout(1500)
    thandi.on("request", lambda request: asked.append(request.url))
    thandi.wait_for_timeout(2500)
    assert asked == []


def test_at_390_pixels_one_pane_is_shown_at_a_time(chromium: Browser, simulator: Simulator) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    page.goto(simulator.url)
    chats = page.get_by_role("list", name="Whose phone")
    expect(chats).to_be_visible()
    chats.get_by_role("button").first.click()
    expect(chats).to_be_hidden()
    expect(page.get_by_label("Message", exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    small = page.evaluate(
        "[...document.querySelectorAll('.chat .icon, .composer button')]"
        ".filter(b => b.offsetParent && (b.offsetWidth < 40 || b.offsetHeight < 40)).length"
    )
    assert small == 0
    page.get_by_role("button", name="Back to all phones").click()
    expect(chats).to_be_visible()
    context.close()


def test_a_switch_on_the_faults_page_holds_at_once(page: Page, simulator: Simulator) -> None:
    page.goto(f"{simulator.url}/faults")
    page.get_by_label("Token has expired (190)").check()
    expect(page.locator(".switch.is-changed")).to_contain_text(["Token has expired"])
    assert simulator.control("GET", "faults/")["token_is_dead"] is True
    page.get_by_role("button", name="All as usual").click()
    expect(page.locator(".switch.is-changed")).to_have_count(0)
    assert simulator.control("GET", "faults/")["token_is_dead"] is False


def test_numbers_choices_and_happenings_on_the_faults_page_hold(
    page: Page, simulator: Simulator
) -> None:
    page.goto(f"{simulator.url}/faults")
    page.get_by_label("Extra copies of each webhook").fill("2")
    page.keyboard.press("Tab")
    page.get_by_label("User id only").select_option("absent")
    for name in ("duplicates", "user_id_only"):
        expect(page.locator(f".is-changed[data-name={name}]")).to_be_visible()
    state = simulator.control("GET", "faults/")
    assert (state["duplicates"], state["user_id_only"]) == (2, "absent")
    page.get_by_role("button", name="All as usual").click()
    expect(page.locator(".switch.is-changed")).to_have_count(0)
    chosen = page.get_by_label("To", exact=True)
    chosen.select_option(LAST)
    for more in (1000, 2000):
        page.get_by_role("button", name="The customer has a new number").click()
        expect(page.get_by_role("status")).to_have_text("The customer has a new number")
        expect(chosen).to_have_value(str(int(LAST) + more))
    page.get_by_role("button", name="A type nobody has heard of").click()
    expect(page.get_by_role("status")).to_have_text("A type nobody has heard of")
    assert simulator.control("GET", "customers/")[-1]["wa_id"] == str(int(LAST) + 2000)
    page.get_by_label("Messages at once").fill("3")
    page.get_by_role("button", name="Burst").click()
    expect(page.get_by_role("status")).to_have_text("3 messages are on their way.")


def test_a_phone_that_gets_another_number_is_put_away(page: Page, simulator: Simulator) -> None:
    page.goto(f"{simulator.url}/#27821230011")
    expect(page.get_by_label("Message", exact=True)).to_be_visible()
    simulator.control("POST", "customers/27821230011/number/", {"wa_id": "27829990011"})
    expect(page.get_by_role("heading", name="Whose phone?")).to_be_visible()


def test_figures_are_not_drawn_by_the_font_for_emoji(thandi: Page) -> None:
    figure, letter = thandi.evaluate(
        """() => {
            const pen = document.createElement("canvas").getContext("2d")
            pen.font = `15px ${getComputedStyle(document.body).fontFamily}`
            return ["0", "n"].map((mark) => pen.measureText(mark).width)
        }"""
    )
    assert figure < 1.4 * letter
