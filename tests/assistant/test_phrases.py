"""Set phrases in many languages: asking for a person, greetings, STOP and START."""

from __future__ import annotations

import pytest

from conversations.assistant.intents import asks_for_person, is_greeting, is_start, is_stop


@pytest.mark.parametrize(
    "text",
    [
        "agent",
        "Human please!",
        "I want to speak to a person",
        "Can I talk to someone?",
        "let me chat with a real human being",
        "put me through to your manager",
        "please connect me to a consultant",
        "Connect me with customer care team",
        "I'd like to talk to the billing department",
        "can someone call me please",
        "please ask somebody to phone me",
        "Call me back",
        "can you call me now",
        "I need a real person",
        "give me a human",
        "I don't want to talk to a bot, give me a person",
        "I dont want to talk to a bot give me a person",
        "Are you a bot? I want to speak to a human.",
        "is there someone I can talk to",
        "No. The invoice is wrong and so is the order.\nI want to speak to your manager",
        "ek wil met iemand praat",
        "Kan ek asb met 'n mens praat",
        "laat ek met die bestuurder gesels",
        "ek soek 'n regte mens",
        "kan iemand my bel asb",
        "mens asseblief",
        "ngicela ukukhuluma nomuntu",
        "Ngifuna ukukhuluma nomphathi wenu",
        "ngifuna umuntu wangempela",
        "ndifuna ukuthetha nomntu",
        "ndicela ukuthetha nomntu",
        "ke batla ho bua le motho",
        "ke kopa go bolela le motho",
        "quero falar com uma pessoa",
        "Posso falar com um atendente?",
        "atendente",
        "quiero hablar con una persona",
        "¿Puedo hablar con alguien?",
        "necesito un agente",
        "je veux parler à quelqu'un",
        "أريد التحدث مع موظف",
        "اريد موظف",
        "मुझे इंसान से बात करनी है",
        "kisi se baat karni hai",
    ],
)
def test_it_hears_the_wish_for_a_person(text: str) -> None:
    assert asks_for_person(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hi",
        "how much is it per person",
        "2 person tent price?",
        "is it for one person or two people",
        "the person who delivered my parcel was rude",
        "do you sell human hair wigs",
        "I'm an estate agent, do you give discount",
        "which cleaning agent do you stock",
        "I spoke to someone yesterday and they promised",
        "someone stole my card",
        "can someone else collect my parcel",
        "can somebody sign for it",
        "can someone help me with my order",
        "are you a real person?",
        "Are you a bot or a human",
        "am I talking to a robot or a person?",
        "sorry wrong person",
        "call me Thandi",
        "will the driver call me before he comes",
        "call me when you are outside",
        "customer service is terrible",
        "is there a manager's special this week",
        "no need to talk to anyone, just tell me my balance",
        "I do not want to speak to a person",
        "talk to you later",
        "I'll talk to my husband about it",
        "speak to you tomorrow",
        "hoeveel mense kan daar sit",
        "wat kos dit per persoon",
        "umuntu oyedwa ubiza malini",
        "quanto custa por pessoa",
        "cuánto cuesta por persona",
    ],
)
def test_it_does_not_hear_it_where_people_are_only_mentioned(text: str) -> None:
    assert not asks_for_person(text)


@pytest.mark.parametrize(
    "text",
    [
        "hi",
        "Hi!",
        "HELLO 👋",
        "hello there",
        "Good morning",
        "good morning team",
        "hi good morning",
        "Morning!",
        "howzit bru",
        "heita",
        "Hallo, goeie môre",
        "môre",
        "Goeiemôre",
        "goeie middag",
        "Sawubona",
        "sanibonani",
        "Molweni",
        "dumela mme",
        "avuxeni",
        "Olá",
        "Bom dia!",
        "oi",
        "¡Hola!",
        "buenos días",
        "السلام عليكم",
        "مرحباً",
        "नमस्ते",
        "Namaste",
        "bonjour",
    ],
)
def test_a_greeting_is_a_greeting(text: str) -> None:
    assert is_greeting(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "👋",
        "hi refund",
        "hi how are you",
        "hello where is my order",
        "good",
        "more",
        "day",
        "there",
        "hi there good morning",  # four words
        "hi more info",
        "good price",
        "yebo",
        "thanks",
    ],
)
def test_what_says_more_than_a_greeting_is_none(text: str) -> None:
    assert not is_greeting(text)


@pytest.mark.parametrize(
    "text",
    [
        "STOP",
        "Stop.",
        "stop please",
        "Please stop 🛑",
        "Unsubscribe",
        "opt-out",
        "opt out",
        "Stop sending me messages!",
        "Don’t message me again",
        "Hou op",
        "hou op asseblief",
        "YEKA",
        "ngicela niyeke",
        "misa",
        "emisa",
        "Parar",
        "cancelar inscrição",
        "baja",
        "arrêter",
        "إيقاف",
        "الغاء الاشتراك",
        "रोकें",
        "बंद करो",
    ],
)
def test_a_stop_word_alone_is_a_stop(text: str) -> None:
    assert is_stop(text)
    assert not is_start(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "please",
        "stop the delivery",
        "can you stop my debit order",
        "the machine won't stop",
        "where is the bus stop",
        "non-stop",
        "cancel",
        "cancel my order",
        "stop order 4512",
        "don't stop",
        "hou op lieg",
        "start",
    ],
)
def test_a_stop_within_other_words_is_none(text: str) -> None:
    assert not is_stop(text)


@pytest.mark.parametrize(
    "text",
    [
        "START",
        "start please",
        "Unstop",
        "subscribe",
        "opt in",
        "opt-in",
        "Qala",
        "teken in",
        "começar",
        "ابدأ",
        "शुरू करें",
    ],
)
def test_a_start_word_alone_is_a_start(text: str) -> None:
    assert is_start(text)
    assert not is_stop(text)


@pytest.mark.parametrize("text", ["", "start my order", "when do you start", "jump start cables"])
def test_a_start_within_other_words_is_none(text: str) -> None:
    assert not is_start(text)
