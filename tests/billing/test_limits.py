"""Whatever the rows hold, what is said can be sent: the contents check Meta's limits themselves."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from billing import answers
from billing.models import Account, Invoice
from conversations.models import Contact
from tests.billing.rows import unsaved

# What PostgreSQL can keep: everything but NUL and halves of surrogate pairs.
TEXTS: dict[str, Any] = {
    "alphabet": st.characters(codec="utf-8", exclude_characters="\x00"),
    "min_size": 1,
}
# A machine that is busy with something else is no fault of the words.
unhurried = settings(deadline=None, max_examples=60)
AMOUNTS = st.decimals("0.01", "9999999999.99", places=2)


@st.composite
def invoices(draw: st.DrawFn) -> list[Invoice]:
    accounts = [
        Account(pk=key, name=draw(st.text(**TEXTS, max_size=255)), external_id=key_in_books)
        for key, key_in_books in enumerate(
            draw(st.lists(st.text(**TEXTS, max_size=64), min_size=1))
        )
    ]
    numbers = draw(st.lists(st.text(**TEXTS, max_size=64), max_size=15, unique=True))
    return [
        unsaved(
            draw(st.sampled_from(accounts)),
            str(draw(AMOUNTS)),
            number=number,
            due_on=draw(st.dates()),
            currency=draw(st.sampled_from(["ZAR", "USD"])),
        )
        for number in numbers
    ]


@unhurried
@given(invoices(), st.dates())
def test_any_invoices_can_be_shown(owed: list[Invoice], on: Any) -> None:
    assert answers.open_invoices(owed, on=on).contents


@unhurried
@given(invoices(), st.text(**TEXTS, max_size=9000))
def test_any_invoices_can_be_paid(owed: list[Invoice], bank_details: str) -> None:
    assert answers.how_to_pay(owed, bank_details=bank_details).contents


@unhurried
@given(invoices())
def test_the_last_five_payments_can_be_shown(paid: list[Invoice]) -> None:
    assert answers.payment_history(paid[:5]).contents


@unhurried
@given(st.text(max_size=255), st.integers(1, 10**6))
def test_anybody_can_be_greeted(name: str, open_count: int) -> None:
    assert answers.offer(Contact(name=name).first_name, open_count).contents


def test_three_invoices_of_the_longest_kind_fit() -> None:
    longest = [
        unsaved(
            Account(pk=key, name="😀" * 255),
            number=f"{key}" + "😀" * 63,
            amount="9999999999.99",
            currency="USD",
        )
        for key in range(1000)
    ]
    body = answers.open_invoices(longest, on=longest[0].due_on.replace(year=9999)).contents[0]
    assert all(invoice.number in body.text_for_people() for invoice in longest[:3])
