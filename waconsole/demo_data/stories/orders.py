"""Stories about orders: a quote, a wrong delivery, chairs to fetch, a broken one, a parcel."""

from conversations.models import Message
from conversations.pipeline import routes
from waconsole.demo_data.chat import Chat
from waconsole.demo_data.stories import answers

Status = Message.Status


def sipho(chat: Chat) -> None:
    """Sam is in the middle of an order with him."""
    chat.minutes_ago(71)
    chat.customer("Hi there 🙂", wait=0)
    chat.assistant(answers.greeting(chat.contact), route="greeting")
    chat.pick("new_order", "New order")
    chat.assistant(routes.PERSON_TEXT, route="tap")
    chat.hand_over("Wants to place an order.")
    chat.take("sam", wait=240)
    chat.staff("sam", "Hi Sipho, Sam here. What do you need?", wait=20)
    wish = chat.customer(
        "10 boxes A4 80gsm and 4 black toners for the site office printer", wait=95
    )
    chat.staff(
        "sam",
        "Paper is R 389.00 a box and the toner R 1,145.00 each, VAT included. Both in stock.",
        wait=210,
        quotes=wish.wamid or "",
    )
    chat.customer("Sharp 👍 can you deliver before Thursday?", wait=340)
    chat.staff(
        "sam", "Yes, the bakkie comes past you on Wednesday morning. Shall I book it?", wait=120
    )
    chat.minutes_ago(9)
    chat.customer("Yes please, same address. Ask for Jabu at the gate", wait=0)
    chat.staff(
        "sam",
        "Booked ✅ Your order number is SO-1187. Jabu will get an SMS when the driver is close.",
        wait=150,
        status=Status.DELIVERED,
    )


def lerato(chat: Chat) -> None:
    """She waits for a person, and writes again."""
    chat.days_ago(6, "13:12")
    chat.customer("Hi, do you have A4 exam pads in stock?", wait=0)
    chat.assistant(routes.PERSON_TEXT, route="model_hand_over")
    chat.hand_over("The assistant asks for a person: asks whether exam pads are in stock.")
    chat.take("sam")
    chat.staff("sam", "Hi Lerato, yes, 60 in stock at R 24.50 each. Shall I keep some for you?")
    chat.customer("Please keep 40 for the school, we will order on Friday")
    chat.staff("sam", "Done, they have your name on them 😊")
    chat.release("sam")

    chat.minutes_ago(24)
    chat.customer("Good day, the delivery came but 3 of the boxes are A3 and not A4 😩", wait=0)
    chat.customer("The exam papers must be printed tomorrow so it is urgent", wait=1.2)
    chat.assistant(routes.PERSON_TEXT, route="model_hand_over", wait=6)
    chat.hand_over("The assistant asks for a person: wrong paper was delivered, urgent.")
    chat.minutes_ago(11)
    chat.customer("Can somebody please phone me?", wait=0)
    chat.customer("I'm at my desk for the next hour", wait=25)


def pieter(chat: Chat) -> None:
    """Sam's good news came too late: the window had shut, and it was not delivered."""
    chat.minutes_ago(26 * 60)
    chat.customer("Hallo, is my stoele al daar?", wait=0)
    chat.assistant(routes.PERSON_TEXT, route="model_hand_over")
    chat.hand_over("The assistant asks for a person: asks whether his chairs have arrived.")
    chat.take("sam")
    chat.staff("sam", "Hallo Pieter, Sam hier. Hulle is op pad van Johannesburg af, môre se vrag.")
    chat.customer("Dankie Sam, laat weet my as ek kan kom haal", wait=1500)
    last = chat.messages[-1]
    chat.minutes_ago(97)
    chat.staff(
        "sam",
        "Goeie nuus Pieter, al 6 stoele is hier. Jy kan hulle tot vyfuur kom haal.",
        wait=0,
        status=Status.FAILED,
        quotes=last.wamid or "",
        error_code=131047,
        error_text="The 24-hour window closed before the message could leave.",
    )


def chantal(chat: Chat) -> None:
    """A picture, then a voice note that Kim has not yet heard."""
    chat.minutes_ago(185)
    chat.file(
        "image",
        wait=0,
        mime_type="image/jpeg",
        sha256="3f1c0d5f7a6b",
        caption="One of the kiddies' chairs came with a crack 😞",
    )
    chat.assistant(routes.UNREADABLE_TEXT, route="unreadable")
    chat.thread.unreadable_said_at = chat.messages[-1].sent_at
    chat.hand_over("Sent image.")
    chat.take("kim")
    chat.staff("kim", "Oh no, so sorry Chantal! We will swap it. Are you open on Saturday morning?")
    chat.customer("Yes, till 12. Thank you for the quick reply", wait=600)
    chat.staff("kim", "Then our driver comes between 9 and 11 with a new one 👍", wait=140)
    chat.minutes_ago(17)
    chat.file("audio", wait=0, mime_type="audio/ogg; codecs=opus", sha256="9be2a7", voice=True)


def vusi(chat: Chat) -> None:
    """Sam helped him and handed him back to the assistant."""
    chat.minutes_ago(320)
    chat.customer("Sawubona", wait=0)
    chat.assistant(answers.greeting(chat.contact), route="greeting")
    chat.pick("track_order", "Track order")
    chat.assistant(routes.PERSON_TEXT, route="tap")
    chat.hand_over("Wants to know where an order is.")
    chat.take("sam", wait=150)
    chat.staff("sam", "Sawubona Vusi, Sam here. Is it order SO-1179, the two filing cabinets?")
    chat.customer("Yebo, that one")
    chat.staff("sam", "It left Cape Town last night and should be with you tomorrow before lunch.")
    chat.customer("Ngiyabonga kakhulu! 🙏")
    chat.staff("sam", "Only a pleasure. Usale kahle!")
    chat.release("sam")
