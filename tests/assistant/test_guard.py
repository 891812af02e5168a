"""A figure that no fact gives must not pass; the same figure in another spelling must."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.assistant.guard import unbacked

FACTS = (
    "Open invoice INV-0847: R 24,500.00, due on 4 November 2026, 18 days overdue.",
    "Open invoice INV-0851: R 1,234.50, due on 30/11/2026.",
    "Bank details for payments: Karoo Bank, account 62 1234 5678 9, branch 250655.",
    "Reference for a payment: KOS-118.",
    "Phone 011 555 1234. Pay at https://pay.karoo.co.za/now or write to accounts@karoo.co.za.",
    "Students get 15% off. Delivery costs R85. Shop at 12 Long Street, Cape Town, 8001.",
)


@pytest.mark.parametrize(
    "text",
    [
        "Invoice INV-0847 for R 24,500.00 was due on 4 November.",
        "Invoice inv 0847 of R24500 was due on 04/11/2026.",
        "Invoice 847 comes to R24 500,00 and was due on 2026-11-04.",
        "You owe 24,500 rand since the 4th of November.",
        "You owe ZAR 24500.00 since November 4, 2026.",
        "You owe R24.5k since 4 Nov.",
        "Deve R 24.500,00 desde 4 de novembro de 2026.",
        "Debe R24 500 desde el 4 de noviembre.",
        "Jy skuld R1234,50 voor 30 November.",
        "आपको R 1 234.50, 30 नवंबर तक देना है।",
        "المبلغ R ١٢٣٤٫٥٠".replace("٫", "."),
        "Our account is 62123456789, branch code 250655, reference KOS-118.",
        "Account 6212 345 6789 please.",
        "Call us on +27 11 555 1234 or (011) 555-1234.",
        "Pay at pay.karoo.co.za/now.",
        "Pay at https://pay.karoo.co.za/now/ (it is safe).",
        "Write to Accounts@karoo.co.za",
        "See pay.karoo.co.za!",
        "Students get 15 percent off.",
        "Delivery is R85-00 to 12 Long Street, 8001.",
    ],
)
def test_it_lets_pass_what_the_facts_say_in_any_spelling(text: str) -> None:
    assert unbacked(text, FACTS) == ()


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("You owe R 24,600.00.", ("R 24,600.00",)),
        ("You owe R24,50.", ("R24,50",)),
        ("You owe R 500.00.", ("R 500.00",)),  # the end of 24,500.00
        ("You owe $24,500.00.", ("$24,500.00",)),
        ("That is about R24k.", ("R24k",)),
        ("It is 24 499 rand.", ("24 499 rand",)),
        ("The total is 25,734.50.", ("25,734.50",)),
        ("It was due on 5 November.", ("5 November",)),
        ("It was due on 4 November 2025.", ("4 November 2025",)),
        ("It was due on 11/04/2026.", ("11/04/2026",)),
        ("It was due on 2026-11-05.", ("2026-11-05",)),
        ("Es debido el 5 de noviembre.", ("5 de noviembre",)),
        ("Pay by March 3.", ("March 3",)),
        ("Invoice INV-0848 is open.", ("INV-0848",)),
        ("Order ORD-0847 is on its way.", ("ORD-0847",)),
        ("Invoice 848 is open.", ("invoice 848",)),
        ("Your ticket is #9931.", ("#9931",)),
        ("Pay into account 62 1234 5678 8.", ("62 1234 5678 8",)),
        ("Pay into 62123456780, branch 250655.", ("62123456780",)),
        ("Use reference KOS-119.", ("KOS-119",)),
        ("Call +27 11 555 1235.", ("+27 11 555 1235",)),
        ("Pay at https://pay.karoo.example.com/now", ("https://pay.karoo.example.com/now",)),
        ("Pay at pay.karoo.co.za/now2", ("pay.karoo.co.za/now2",)),
        ("Visit www.karoo.co.za.", ("www.karoo.co.za",)),
        ("Write to info@karoo.co.za", ("info@karoo.co.za",)),
        ("Message wa.me/27821234567", ("wa.me/27821234567",)),
        ("You get 20% off today.", ("20%",)),
        ("R 24,500.00 by 4 November, or R100 on 5 November and R100 more.", ("5 November", "R100")),
    ],
)
def test_it_names_what_no_fact_says(text: str, missing: tuple[str, ...]) -> None:
    assert tuple(each.lower() for each in unbacked(text, FACTS)) == tuple(
        each.lower() for each in missing
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Thanks! A person will answer within 24 hours.",
        "It takes 2 minutes, or 3 to 5 working days.",
        "We are open 24/7.",
        "We open from 08:00 to 17:00, on Saturdays from 8.30 to 13h00.",
        "You have 2 open invoices; would you like to see 1 of them?",
        "I'm 100% sure. Since 1998 and until 2026!",
        "A bag of 2.5 kg or 12,50 m of cable, 500ml, 10x, the 2nd one.",
        "Say 1 for yes, 2 for no. 3 out of 5 choose no.",
        "Can I help with anything else? You may 2nd that.",
        "Sizes 34 to 42, page 3 of 10, step 2.",
        "Sure, e.g. on Monday... Thanks.Bye",
    ],
)
def test_it_is_silent_about_what_is_said_in_passing(text: str) -> None:
    assert unbacked(text, ()) == ()


def test_a_number_without_a_currency_backs_an_amount() -> None:
    assert unbacked("You can pay R500 now.", ["the customer said: can i pay 500 now"]) == ()
    assert unbacked("You can pay R 1,500.00.", ["Total 1500.00"]) == ()


def test_a_bare_number_backs_no_document() -> None:
    assert unbacked("Order ORD-9912 is on its way.", ["We have 9912 customers."]) == ("ORD-9912",)


def test_a_date_in_the_american_order_is_understood_where_it_can_be_no_other() -> None:
    assert unbacked("It is due on 11/25/2026.", ["Due on 25 November 2026."]) == ()


def test_each_missing_thing_is_named_once() -> None:
    assert unbacked("R100, yes R100, R 100.00", ()) == ("R100", "R 100.00")


def spellings(cents: int) -> list[str]:
    amount = Decimal(cents) / 100
    english = f"{amount:,.2f}"
    plain = f"{amount:.2f}"
    spaced = english.replace(",", " ")
    portuguese = english.translate(str.maketrans(",.", ".,"))
    return [
        f"R {english}",
        f"R{plain}",
        f"r{plain}",
        f"R {spaced}",
        f"R {spaced}".replace(" ", "\u00a0"),
        f"R{plain.replace('.', ',')}",
        f"R {portuguese}",
        f"ZAR {plain}",
        f"{spaced} rand",
        f"{english} ZAR",
    ]


money = st.integers(min_value=1, max_value=10**10)


@settings(deadline=None)  # a crowded machine is no fault
@given(money, st.integers(0, 9), st.integers(0, 9))
def test_equal_amounts_back_each_other_in_every_spelling(cents: int, one: int, two: int) -> None:
    said, known = spellings(cents)[one], spellings(cents)[two]
    assert unbacked(f"You owe {said}.", [f"Open: {known}, due."]) == ()


@settings(deadline=None)
@given(money, money, st.integers(0, 9), st.integers(0, 9))
def test_different_amounts_never_back_each_other(
    cents: int, other: int, one: int, two: int
) -> None:
    if cents != other:
        assert unbacked(f"You owe {spellings(cents)[one]}.", [f"Open: {spellings(other)[two]}."])


@settings(deadline=None)
@given(st.dates(), st.integers(0, 4), st.integers(0, 4))
def test_equal_dates_back_each_other_in_every_spelling(
    day: datetime.date, one: int, two: int
) -> None:
    ways = ["%d %B %Y", "%Y-%m-%d", "%d/%m/%Y", "%B %d, %Y", "%d %b %Y"]
    day = day.replace(year=2000 + day.year % 100)
    assert unbacked(day.strftime(ways[one]), [day.strftime(ways[two])]) == ()


@settings(deadline=None)
@given(st.text())
def test_it_takes_any_text_and_a_text_backs_itself(text: str) -> None:
    assert unbacked(text, [text]) == ()
