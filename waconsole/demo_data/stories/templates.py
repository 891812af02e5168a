"""Stories that begin with a template: a parcel, a special, and one who wants no more of them."""

from conversations.models import Message
from conversations.pipeline import routes
from waconsole.demo_data.chat import Chat
from waconsole.demo_data.templates import filled

Status = Message.Status


def ayesha(chat: Chat) -> None:
    """A special, a question, an order, a parcel: all done, and closed."""
    chat.days_ago(9, "10:00")
    chat.staff("kim", filled("spring_special", "Ayesha"), wait=0, priority=5)
    chat.quick_reply("Show me", wait=900)
    chat.take("sam", wait=60)
    chat.staff("sam", "Hi Ayesha! Receipt rolls and label paper are in it too. Shall I quote you?")
    chat.customer("Please, 5 boxes of receipt rolls")
    chat.staff("sam", "5 boxes come to R 1,230.00 with the special, delivery included.")
    chat.customer("Lovely, go ahead")

    chat.days_ago(6, "07:45")
    chat.system(filled("order_shipped", "Ayesha", "SO-1164", link="SO-1164"))
    chat.days_ago(5, "15:20")
    chat.customer("Everything arrived, thank you so much 😊", wait=0)
    chat.staff("sam", "Great to hear, Ayesha. Have a lovely day!", wait=240)
    chat.close("sam")


def fatima(chat: Chat) -> None:
    """She has never written to us: only templates can be sent."""
    chat.days_ago(1, "11:20")
    chat.system(filled("order_shipped", "Fatima", "SO-1181", link="SO-1181"), status=Status.SENT)


def zanele(chat: Chat) -> None:
    """She was thanked for a payment, got a special, and wants no more of them."""
    chat.days_ago(12, "12:02")
    chat.system(filled("payment_received", "Zanele", "R 860.00"))
    chat.days_ago(2, "10:00")
    chat.staff("kim", filled("spring_special", "Zanele"), wait=0, priority=5)
    chat.days_ago(2, "12:37")
    word = chat.customer("STOP", wait=0)
    chat.withdraw(word)
    chat.assistant(routes.STOP_TEXT, route="stop")
