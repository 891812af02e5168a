"""Greetings, STOP and START words, in the languages customers use here.

Called by `intents`. Lists and not the trained model, because these must be exact and easy to
explain: a STOP that is missed breaks the law.
"""

from __future__ import annotations

import re
from typing import Final

from conversations.assistant import spelling

GREETING_WORDS_MAX: Final = 3

_POLITE: Final = re.compile(
    r"\b(?:please|pls|plz|plse|just|kindly|asb|asseblief|ngicela|ndicela|hle|thanks|thank you"
    r"|dankie|hi|hello|hey|por favor|من فضلك|لو سمحت)\b|कृपया"
)


def plain_words(text: str, *, limit: int = 400) -> str:
    """The words with single spaces between: no case, accents, punctuation or emoji."""
    return " ".join(spelling.words(spelling.fold(text[:limit])))


def without_courtesy(words: str) -> str:
    """ "please stop" -> "stop"."""
    return " ".join(_POLITE.sub(" ", words).split())


def is_greeting(text: str) -> bool:
    """Is this a greeting and nothing else, in at most three words?"""
    if text.strip(" .,!?").casefold() in _GREETINGS_BY_ACCENT:
        return True
    words = plain_words(text).split()
    return 0 < len(words) <= GREETING_WORDS_MAX and _is_all_greeting(words)


def is_stop(text: str) -> bool:
    """Is the whole message a wish for no more messages? "Stop the delivery" is not."""
    return without_courtesy(plain_words(text)) in _STOP


def is_start(text: str) -> bool:
    """Is the whole message a wish to get messages again?"""
    return without_courtesy(plain_words(text)) in _START


def _is_all_greeting(words: list[str]) -> bool:
    """One or two greetings, then at most some form of address."""
    taken = 2 if " ".join(words[:2]) in _GREETING_PAIRS else int(words[0] in _GREETINGS)
    rest = words[taken:]
    if not taken or not rest:
        return bool(taken)
    return all(word in _ADDRESSED for word in rest) or _is_all_greeting(rest)


def _phrases(*lines: str) -> frozenset[str]:
    """Comma-separated phrases, in the spelling of `plain_words`."""
    return frozenset(plain_words(phrase) for line in lines for phrase in line.split(","))


# "more" is also English: only with its accent is it a greeting.
_GREETINGS_BY_ACCENT: Final = frozenset({"môre", "goeiemôre", "morning", "afternoon", "evening"})
_GREETINGS: Final = _phrases(
    "hi, hii, hello, helo, hey, heya, hiya, heita, eita, howzit, hoezit, aweh, awe, yo, greetings",
    "hallo, haai, goeiemore, goeiemiddag, goeienaand, naand",
    "sawubona, sanibonani, sanibona, molo, molweni, salibonani, sabona, lotjhani",
    "dumela, dumelang, thobela, ndaa, avuxeni, perile, inhlikanhi",
    "ola, oi, alo, saudacoes, hola, buenas, saludos, bonjour, bonsoir, salut, jambo, mhoro",
    "salam, salaam, assalam, marhaba, مرحبا, اهلا, سلام, هلا",
    "namaste, namaskar, नमस्ते, नमस्कार, हैलो, हेलो",
)
_GREETING_PAIRS: Final = _phrases(
    "good morning, good afternoon, good evening, good day, good night, gd morning, g day",
    "goeie more, goeie middag, goeie naand, goeie dag, more more, hoe gaan",
    "bom dia, boa tarde, boa noite, buenos dias, buen dia, buenas tardes, buenas noches",
    "ndi matsheloni, ndi masiari, ndi madekwana",
    "salam alaikum, salaam alaikum, assalamu alaikum, as salaam",
    "السلام عليكم, صباح الخير, مساء الخير, اهلا وسهلا, शुभ प्रभात, राम राम",
)
_ADDRESSED: Final = _phrases(
    "there, guys, all, everyone, everybody, team, sir, madam, mam, ma'am, maam, admin, again, you",
    "friend, folks, dear, bru, bra, boss, sis, to, bhuti, sisi, baba, mama, gogo, ntate, mme, rra",
    "mma, julle, almal, dit",
)
_STOP: Final = _phrases(
    "stop, stopp, stopall, stop all, stop now, stop it, stop this, stop messages, stop sms",
    "stop the messages, stop these messages, stop messaging me, stop sending messages",
    "stop sending me messages, stop marketing, stop promotions, unsubscribe, unsubscribe me, unsub",
    "opt out, optout, opt me out, remove me, remove me from your list, take me off your list",
    "no more messages, do not message me, don't message me, dont message me",
    "don't message me again, dont message me again",
    # Afrikaans
    "hou op, stop dit, teken uit, verwyder my, geen boodskappe meer nie",
    "moenie my boodskappe stuur nie, hou op om my boodskappe te stuur",
    # isiZulu, isiXhosa
    "yeka, yekani, yekela, misa, misani, yima, ndikhupheni, ngikhipheni, niyeke",
    "ningangithumeli imiyalezo, yekani ukungithumelela imiyalezo",
    # Sesotho, Setswana, Sepedi
    "emisa, emisang, tlohela, tlohelang, tlogela, tlogelang",
    # Portuguese, Spanish, French
    "parar, pare, parem, sair, remover, descadastrar, cancelar inscrição, cancelar subscrição",
    "alto, baja, darme de baja, dar de baja, cancelar suscripción, no más mensajes",
    "arrêt, arrêter, désabonner",
    # Arabic, Hindi
    "توقف, ايقاف, اوقف, الغاء الاشتراك, रोकें, रोको, बंद करो, बंद करें, स्टॉप, band karo",
)
_START: Final = _phrases(
    "start, start again, start messages, unstop, subscribe, subscribe me, resubscribe, opt in",
    "optin, opt me in, resume, begin, begin weer, teken in",
    "qala, qalani, qalisa, simolola, qalella",
    "começar, iniciar, inscrever, subscrever, voltar a receber, alta, darme de alta, empezar",
    "suscribir, suscribirme, commencer, ابدا, اشتراك, اشترك, शुरू, शुरू करो, शुरू करें, shuru karo",
)
