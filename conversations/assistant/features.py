"""Text -> weighted features, for the classifier in `intents`.

Two blocks: words (alone, in pairs, and hints of a class) and pieces of words, which see through
spelling and through the prefixes of isiZulu. Called by `softmax`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from typing import Final

from conversations.assistant import spelling

CHARACTERS_MAX: Final = 400

_REPLACEMENTS: Final = (
    (re.compile(r"(?:https?://|www\.)\S+"), " qqlink "),
    (re.compile(r"\S+@\S+\.\S+"), " qqmail "),
    (re.compile(r"\binv[a-z]*[-#: ]{0,2}\d+"), " invoice qqdoc "),
    (re.compile(r"\b(?:ord[a-z]*|so)[-#: ]{0,2}\d+"), " order qqdoc "),
    (re.compile(r"\br ?\d[\d .,]*"), " qqmoney "),
    (re.compile(r"\d"), "0"),
    (re.compile(r"(.)\1{2,}"), r"\1\1"),
)

_SHORT_FORMS: Final = {
    "u": "you",
    "ur": "your",
    "ure": "you are",
    "r": "are",
    "pls": "please",
    "plz": "please",
    "plse": "please",
    "asb": "asseblief",
    "thx": "thanks",
    "tnx": "thanks",
    "ty": "thanks",
    "wen": "when",
    "wer": "where",
    "wat's": "what is",
    "hw": "how",
    "acc": "account",
    "acct": "account",
    "pmt": "payment",
    "del": "delivery",
    "inv": "invoice",
    "tel": "phone",
    "nr": "number",
    "cant": "can't",
    "dont": "don't",
    "im": "i'm",
    "msg": "message",
    "tmrw": "tomorrow",
    "2moro": "tomorrow",
    "abt": "about",
    "bcz": "because",
    "recvd": "received",
    "recieved": "received",
    "recieve": "receive",
}

# Beginnings of words that lean to a class while examples are few, in all our languages.
_HINTS: Final[Mapping[str, tuple[str, ...]]] = {
    "invoice": (
        "invoic", "bill", "balance", "outstanding", "overdue", "arrear", "statement", "paid", "eft",
        "owe", "owing", "debit", "charg", "deposit", "instal", "settle", "receipt", "vat",
        "faktuur", "skuld", "betaal", "paaiement", "rekening", "kweleta", "ngikhokh", "ukukhokh",
        "hlawul", "fatura", "factura", "pagu", "cobra", "devo", "deb", "فاتور", "دفع", "مستحق",
        "बकाया", "भुगतान", "बिल", "bakaya",
    ),
    "order": (
        "order", "parcel", "package", "track", "driver", "courier", "shipp", "dispatch", "arriv",
        "cancel", "collect", "bestel", "pakk", "drywer", "oda", "iodolo", "phasel", "pasil",
        "mshayeli", "encomenda", "pedido", "paquete", "entrega", "طلب", "طرد", "ऑर्डर", "डिलीवरी",
    ),
    "support": (
        "complain", "broken", "fault", "damag", "refund", "return", "passw", "login", "log",
        "help", "problem", "issue", "error", "stolen", "lost", "leak", "manager", "technician",
        "rude", "terrible", "stukkend", "kla", "wagwoord", "hulp", "nkinga", "ngxaki", "sebenz",
        "usizo", "uncedo", "reclam", "queja", "funciona", "ajuda", "ayuda", "senha", "contrase",
        "شكو", "مشكل", "مساعد", "शिकायत", "समस्या", "मदद",
    ),
    "enquiry": (
        "price", "cost", "stock", "quot", "catalog", "available", "special", "discount", "hours",
        "open", "close", "branch", "located", "sell", "accept", "warranty", "guarantee", "voucher",
        "colour", "policy", "kos", "voorraad", "kwotasie", "winkel", "ure", "malini", "nivul",
        "nival", "isitolo", "preco", "precio", "cuesta", "custa", "loja", "tienda", "horario",
        "سعر", "متوفر", "कीमत", "दुकान", "स्टॉक", "price",
    ),
    "general": (
        "hello", "hi", "hey", "morning", "afternoon", "evening", "thank", "bye", "joke", "weather",
        "hallo", "goeie", "dankie", "totsiens", "sawubona", "sanibonani", "ngiyabonga", "molo",
        "enkosi", "dumela", "ola", "obrigad", "hola", "gracias", "مرحبا", "شكرا", "नमस्ते", "धन्यवाद",
    ),
}  # fmt: skip
_HINT_OF: Final = re.compile(
    "|".join(
        f"(?P<{name}>^(?:{'|'.join(map(re.escape, sorted(set(stems))))}))"
        for name, stems in _HINTS.items()
    )
)


def words_of(text: str) -> list[str]:
    """The words of the first 400 characters, without case, accents, digits and SMS talk."""
    text = spelling.fold(text[:CHARACTERS_MAX])
    for pattern, plain in _REPLACEMENTS:
        text = pattern.sub(plain, text)
    spelt = " ".join(_SHORT_FORMS.get(word, word) for word in text.split())
    return spelling.words(spelt.replace("'", ""))


def features_of(words: list[str]) -> tuple[Counter[str], Counter[str]]:
    """Counts of (word features, piece features)."""
    return Counter(_word_features(words)), Counter(_pieces(words))


def _word_features(words: list[str]) -> list[str]:
    pairs = [f"{first} {second}" for first, second in pairwise(words)]
    hints = [f"={hint.lastgroup}" for hint in map(_HINT_OF.match, words) if hint]
    return [*words, *pairs, *hints]


def _pieces(words: list[str]) -> list[str]:
    """Three to five neighbouring letters of a word, its ends marked."""
    marked = [f" {word[:24]} " for word in words]
    return [
        word[start : start + size]
        for word in marked
        for size in (3, 4, 5)
        for start in range(len(word) - size + 1)
    ]
