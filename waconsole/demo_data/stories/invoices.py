"""Stories about money: asking, paying, a copy of an invoice, a reminder."""

from conversations.models import Message
from conversations.pipeline import routes
from waconsole.demo_data import ledger, templates
from waconsole.demo_data.chat import Chat
from waconsole.demo_data.stories import answers

Status = Message.Status

IN_DOUBT = "WhatsApp did not answer in time: the message may have arrived or not."


def thandi(chat: Chat) -> None:
    """The assistant answers about her own invoices; the window is wide open."""
    chat.days_ago(1, "16:42")
    chat.customer("Good afternoon 👋", wait=0)
    chat.assistant(answers.greeting(chat.contact), route="greeting")
    chat.pick("payment_history", "Payment history")
    chat.assistant(answers.payment_history(chat.contact), route="tap", wait=3)
    chat.customer("Perfect, thanks!")
    chat.assistant("A pleasure, Thandi. Have a good evening!", route="model")

    chat.minutes_ago(48)
    chat.customer("Hi, do I still owe you guys anything?", wait=0)
    chat.assistant(answers.offer(chat.contact), route="intent", wait=3)
    chat.tap("view_invoices", "View invoices")
    chat.assistant(answers.open_invoices(chat.contact, on=chat.today), route="tap", wait=2)
    chat.customer("Eish, that first one got stuck with our accountant 🙈 how late is it already?")
    amount = ledger.amount("INV-0847")
    chat.assistant(
        f"No stress, Thandi. INV-0847 for {amount} is 18 days overdue. "
        "Tap Pay now above and you will get our bank details and the reference to use.",
        route="model",
        wait=5,
    )
    chat.customer("Great, we'll pay it today", wait=80)
    chat.assistant(
        "Thank you, Thandi! With the reference KOS-1001 it is matched to your account at once.",
        route="model",
        status=Status.DELIVERED,
    )


def johan(chat: Chat) -> None:
    """Kim has him; he asked something more, and in an hour free text is over."""
    chat.days_ago(4, "10:05")
    chat.customer("Môre!", wait=0)
    chat.assistant(answers.greeting(chat.contact), route="greeting")
    chat.pick("check_invoice", "Check invoice")
    chat.assistant(answers.open_invoices(chat.contact, on=chat.today), route="tap")

    chat.minutes_ago(23 * 60 + 14)
    chat.customer(
        "Kan julle asseblief verlede maand se faktuur weer stuur? Ek kry dit nie.", wait=0
    )
    chat.assistant(routes.PERSON_TEXT, route="model_hand_over")
    chat.hand_over("The assistant asks for a person: wants a copy of an invoice.")
    chat.take("kim")
    chat.staff("kim", "Hallo Johan, Kim hier. Natuurlik, ek stuur dit vandag nog per e-pos.")
    chat.customer("Baie dankie! Sit asseblief ook ons BTW-nommer op.", wait=420)


def nomvula(chat: Chat) -> None:
    """She was shown the school's invoices and said no more; a reminder went out by template."""
    chat.days_ago(5, "08:21")
    chat.customer("Good morning, is the school's account up to date?", wait=0)
    chat.assistant(answers.offer(chat.contact), route="intent")
    chat.tap("view_invoices", "View invoices")
    chat.assistant(answers.open_invoices(chat.contact, on=chat.today), route="tap")
    chat.customer("Thank you, I will take it to the bursar.")
    chat.assistant("You're welcome, Nomvula. Have a lovely day!", route="model")

    chat.days_ago(1, "09:30")
    reminder = templates.filled("invoice_overdue", "Nomvula", ledger.amount("INV-0822"))
    chat.staff("priya", reminder, wait=0, status=Status.DELIVERED)


def bongani(chat: Chat) -> None:
    """He speaks for two accounts; the bank details went out, and nobody knows if they arrived."""
    chat.minutes_ago(36)
    chat.customer("Sawubona, I want to settle my outstanding invoices today", wait=0)
    chat.assistant(answers.offer(chat.contact), route="intent", wait=3)
    chat.tap("pay_now", "Pay now")
    chat.assistant(
        answers.how_to_pay(chat.contact),
        route="tap",
        wait=2,
        status=Status.UNCONFIRMED,
        error_text=IN_DOUBT,
    )
    chat.hand_over("A message is in doubt.")
    chat.minutes_ago(7)
    chat.customer("Hello? Still waiting for the banking details 🙏", wait=0)
