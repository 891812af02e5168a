"""The order of Meta's checks: a send with every fault names the first, and mended, the next.

A program that stops at the first error relies on it. Cloud API, messages reference; error codes.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from simulator import world
from simulator.models import Chat, Customer, Number, Template
from simulator.people import chat_with
from tests.simulator.conftest import NUMBER, Control, Graph, switch
from tests.simulator.test_interactive import buttons, reply
from tests.simulator.test_template_sends import a_template, body, template

SIXTH = "27821230006"  # a test number may write to the first five


@dataclass
class Attempt:
    """One send that is mended step by step."""

    graph: Graph
    number: str = "999"
    body: dict[str, Any] = field(default_factory=dict)

    def __call__(self) -> Any:
        """Try it."""
        return self.graph("POST", f"{self.number}/messages", self.body)

    def say(self, **change: Any) -> None:
        """Change the body."""
        self.body |= change

    def use(self, *components: dict[str, Any]) -> None:
        """Send the template `photo` with these components."""
        self.say(**template("photo", *components))


def header(**image: str) -> dict[str, Any]:
    """A header component with this picture."""
    return {"type": "header", "parameters": [{"type": "image", "image": image}]}


def card(label: str) -> dict[str, Any]:
    """An interactive message with a picture that nobody has uploaded."""
    return buttons(reply(label), header={"type": "image", "image": {"id": "123"}})


def by_user_id(attempt: Attempt) -> None:
    """The user id instead of the number."""
    attempt.body.pop("to")
    attempt.say(recipient=Customer.objects.get(wa_id=SIXTH).bsuid)
    attempt.use(header(link="http://127.0.0.1:9/x.jpg"), body("a"))


def hurry(attempt: Attempt) -> None:
    """Both limits are used up: that of the person by 45 sends, that of the number by one."""
    Template.objects.filter(name="photo").update(category="UTILITY")
    for _ in range(45):
        attempt()
    switch(throughput_per_second=1)
    attempt()


def own_number() -> str:
    """The digits of the sender."""
    return Number.objects.get().display_phone_number


RUNGS: list[tuple[Callable[[Attempt], Any], int, str]] = [
    (lambda one: None, 100, "Version v20.0"),
    (lambda one: setattr(one.graph, "version", "v23.0"), 190, "Cannot parse access token"),
    (lambda one: setattr(one.graph, "token", "demo-token"), 100, "appsecret_proof"),
    (lambda one: switch(require_appsecret_proof=False), 100, "Object with ID '999'"),
    (lambda one: setattr(one, "number", NUMBER), 133010, "Account not registered"),
    (lambda one: register(), 100, "parameter messaging_product is required"),
    (lambda one: one.say(messaging_product="whatsapp"), 100, "parameter to is required"),
    (lambda one: one.say(to="+" + own_number(), type="x"), 100, "Param type must be one of"),
    (lambda one: one.say(type="text"), 100, "text['body']"),
    (lambda one: one.say(type="interactive", interactive=card("x" * 21)), 131009, "Button label"),
    (lambda one: one.say(interactive=card("Yes")), 100, "header['image']['id'] is not a valid"),
    (lambda one: one.say(**template("nonsense")), 131021, "sender"),
    (lambda one: one.say(to="+" + SIXTH), 131030, "allowed list"),
    (lambda one: switch(allow_list_only=False), 130403, "block list"),
    (lambda one: Chat.objects.update(blocked_at=None), 132001, "(nonsense) does not exist"),
    (lambda one: one.use(), 132000, "body: number of localizable_params (0)"),
    (lambda one: one.use(body("a\nb")), 132012, "header: Format mismatch"),
    (lambda one: one.use(header(id="123"), body("a\nb")), 132018, "new-line"),
    (lambda one: one.use(header(id="123"), body("a")), 100, "header['image']['id'] is not a"),
    (by_user_id, 131062, "phone number"),
    (hurry, 130429, "throughput"),
    (lambda one: switch(throughput_per_second=0), 131056, "to the same phone number"),
    (lambda one: switch(pair_limit=False), 131042, "payment"),
    (lambda one: switch(payment_problem=False), 131016, "unavailable"),
]


def register() -> None:
    """The number can send."""
    Number.objects.update(is_registered=True)
    world.forget()


def test_each_fault_is_named_before_all_that_come_after_it(graph: Graph, control: Control) -> None:
    switch(
        require_appsecret_proof=True,
        allow_list_only=True,
        payment_problem=True,
        throughput_per_second=0,
        refuse_sends_with="131016",
    )
    Number.objects.update(is_registered=False)
    world.forget()
    chat = chat_with(Number.objects.get(), Customer.objects.get(wa_id=SIXTH))
    Chat.objects.filter(pk=chat.pk).update(blocked_at=chat.changed_at)
    parts = [{"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "Look, {{1}}!"}]
    a_template("photo", parts, category="AUTHENTICATION")
    attempt = Attempt(graph)
    graph.version, graph.token = "v20.0", "somebody-elses"
    for number, (mend, code, words) in enumerate(RUNGS):
        mend(attempt)
        error = graph.error(attempt())
        told = f"{error['message']} {error.get('error_data')}"
        assert (error["code"], words in told) == (code, True), (number, told)
    switch(refuse_sends_with="")
    assert attempt().status_code == 200
