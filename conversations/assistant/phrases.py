"""Set phrases in the languages customers use here: asking for a person, greeting, STOP and START.

Called by `intents`. Lists and not the trained model, because these must be explainable and exact:
a STOP that is missed breaks the law, and a hand-over by mistake leaves a customer waiting.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

GREETING_WORDS_MAX: Final = 3

_MARKS: Final = re.compile("[\u0300-\u036f\u064b-\u0652\u0670\u0640]")
_ARABIC: Final = str.maketrans("أإآىة", "ااايه")
_WORD: Final = re.compile(r"[\w\u0900-\u097f]+(?:'\w+)?")

_GREETINGS: Final = frozenset(
    # English as spoken here
    "hi hii hello helo hey heya heita eita howzit hoezit aweh awe yo hola greetings hiya "
    # Afrikaans, isiZulu, isiXhosa, Sesotho, Setswana, Sepedi, Tshivenda, Xitsonga, siSwati
    "hallo haai naand sawubona sanibonani sanbonani molo molweni dumela dumelang thobela ndaa "
    "aa avuxeni inhlikanhi perile sabona lotjhani salibonani "
    # Portuguese, Spanish, French, Swahili, Shona
    "ola oi alo buenas saludos bonjour bonsoir salut jambo habari mhoro makadii "
    # Arabic, Hindi
    "salam salaam assalam asalaam مرحبا مرحبًا اهلا سلام هلا namaste namaskar नमस्ते नमस्कार हैलो हेलो".split()
)
_GREETING_PAIRS: Final = frozenset(
    {
        "good morning", "good afternoon", "good evening", "good day", "good night", "gd morning",
        "g day", "goeie more", "goeie middag", "goeie naand", "goeie dag", "more more",
        "bom dia", "boa tarde", "boa noite", "buenos dias", "buenas tardes", "buenas noches",
        "السلام عليكم", "صباح الخير", "مساء الخير", "اهلا وسهلا", "as salaam", "salaam alaikum",
        "salam alaikum", "assalamu alaikum", "शुभ प्रभात", "राम राम", "ndi matsheloni", "hoe gaan",
        "dumela rra", "dumela mma", "dumela ntate", "dumela mme",
    }
)  # fmt: skip
_ALONE: Final = frozenset({"morning", "afternoon", "evening", "môre", "goeiemore", "goeiemôre"})
_AFTER_GREETING: Final = frozenset(
    "there guys all everyone team sir madam mam ma'am maam admin again friend bru bra boss sis "
    "bhuti sisi baba mama gogo ntate mme rra mma you to u everybody folks dear julle almal".split()
)

_STOP: Final = frozenset(
    {
        "stop", "stopp", "stop all", "stop now", "stop it", "stop messages", "stop messaging me",
        "stop sending messages", "stop sending me messages", "stop these messages",
        "stop the messages", "stop sms", "stop promotions", "stop whatsapp", "unsubscribe",
        "unsubscribe me", "unsub", "opt out", "optout", "opt me out", "remove me", "stop marketing",
        "remove me from your list", "take me off your list", "no more messages", "stopall",
        "do not message me", "don't message me", "dont message me", "don't message me again",
        # Afrikaans
        "hou op", "stop dit", "hou op om my boodskappe te stuur", "teken uit", "verwyder my",
        "moenie my boodskappe stuur nie", "geen boodskappe meer nie",
        # isiZulu, isiXhosa
        "yeka", "yekani", "yekela", "misa", "yima", "ningangithumeli imiyalezo", "yekani ukungithumelela imiyalezo",
        "ngicela niyeke", "ndicela niyeke", "ndikhupheni", "ngikhipheni",
        # Sesotho, Setswana
        "emisa", "emisang", "tlohela", "tlohelang", "tlogela", "ntshe",
        # Portuguese, Spanish, French
        "parar", "pare", "parem", "sair", "cancelar inscricao", "cancelar subscricao",
        "remover", "descadastrar", "para de enviar mensagens", "alto", "baja", "darme de baja",
        "dar de baja", "cancelar suscripcion", "no mas mensajes", "arret", "arreter", "desabonner",
        # Arabic, Hindi
        "توقف", "ايقاف", "اوقف", "اوقفوا الرسائل", "الغاء الاشتراك", "رोकें", "रोकें", "रोको", "बंद करो",
        "बंद करें", "स्टॉप", "band karo",
    }
)  # fmt: skip
_START: Final = frozenset(
    {
        "start", "start again", "unstop", "subscribe", "subscribe me", "resubscribe", "opt in", "optin", "opt me in", "resume",
        "start messages", "start sending messages", "begin", "begin weer", "teken in", "qala", "qalani", "qalisa", "simolola", "qalella",
        "comecar", "iniciar", "inscrever", "subscrever", "voltar a receber", "empezar", "alta",
        "darme de alta", "suscribir", "suscribirme", "commencer", "ابدا", "ابدء", "اشتراك",
        "اشترك", "शुरू", "शुरू करो", "शुरू करें", "shuru karo",
    }
)  # fmt: skip
_POLITE: Final = re.compile(
    r"\b(?:please|pls|plz|plse|asb|asseblief|kindly|ngicela|ndicela|hle|por favor|s'il vous plait|"
    r"just|hi|hello|hey|thanks|thank you|dankie|من فضلك|لو سمحت|कृपया)\b"
)

_PERSON_WORDS: Final = frozenset(
    {
        "agent", "an agent", "live agent", "human", "a human", "human being", "real human",
        "real person", "person", "a person", "live person", "operator", "consultant",
        "representative", "rep", "live chat", "customer service", "customer care",
        "customer support", "support agent", "sales person", "salesperson", "manager", "supervisor",
        "receptionist", "someone", "somebody", "call me", "call me back", "phone me", "ring me",
        "please call", "call back", "callback", "human agent", "human support", "human help", "talk to person", "real agent",
        "mens", "'n mens", "n mens", "regte mens", "persoon", "regte persoon", "konsultant",
        "bestuurder", "bel my", "bel my terug", "umuntu", "umntu", "motho", "umeluleki", "imenenja",
        "umphathi", "ngishayele ucingo", "ngishayeleni ucingo", "nditsalele umnxeba",
        "pessoa", "uma pessoa", "atendente", "humano", "atendimento humano", "operador", "gerente",
        "persona", "una persona", "agente", "un agente", "asesor", "un asesor", "persona real",
        "pessoa real", "humain", "conseiller", "un conseiller", "personne reelle",
        "موظف", "انسان", "شخص حقيقي", "خدمه العملاء", "ممثل خدمه العملاء",
        "इंसान", "एजेंट", "insaan", "customer care se baat",
    }
)  # fmt: skip

_SOMEBODY: Final = (
    r"(?:(?:a|an|the|one|some|any|your|ur|another|actual|real|live|human|proper|normal|physical|"
    r"customer|service|care|support|sales|accounts?|billing|call|centre|center|person of the|"
    r"someone who is a|duty|shop|store|branch|general)\s+)*"
    r"(?:person|human(?: being)?|agent|consultant|operator|representative|rep|manager|supervisor|"
    r"someone|somebody|some one|anyone|anybody|staff(?: member)?|member of staff|people|owner|boss|"
    r"advisor|adviser|assistant(?! manager's)|receptionist|colleague|lady|guy|service|department|desk|team)\b"
)
_ASKS: Final = re.compile(
    "|".join(
        (
            rf"\b(?:speak|talk|chat|spk|tlk|speaking|talking|connected|connect me|transfer me|transferred|put me through|put me|escalate(?: this)?|hand me over|pass me|refer me)\s+(?:(?:directly|please|pls|now|on|over)\s+)*(?:to|with|2)\s+{_SOMEBODY}",
            rf"\b(?:want|need|get me|give me|wanna have|would like|prefer|rather have)\s+(?:a |an |some )?(?:real|live|actual|human|proper)\s+(?:person|human|agent|being|being to|consultant|help)\b",
            r"\b(?:want|need|get me|give me)\s+(?:a |an )(?:human|person|agent|consultant|operator|supervisor|manager)\b(?!\s+(?:who|that|size|account))",
            r"\b(?:can|could|may|must|have|get|ask|want|need|let)\s+(?:please\s+)?(?:someone|somebody|anyone|any one|some one|a consultant|an agent|a person|the manager|a manager|your manager|a human)\s+(?:please\s+|to\s+|rather\s+|maybe\s+)*(?:call|phone|ring|contact|assist|help|talk|speak|get back|come back)\b",
            r"^(?:(?:can|could|will) (?:you|u|some one|someone) )?(?:call|phone|ring) me(?: back)?(?: now| asap| today| tomorrow| urgently)?$",
            r"\b(?:is|are) there (?:a |any |an )?(?:real |live |actual )?(?:human|person|agent|someone|somebody|people|anyone|anybody)\b.*\b(?:talk|speak|chat|help|assist|there)\b",
            r"\b(?:no|not a|stop the|hate|tired of|sick of)\s+(?:this |these |talking to )?(?:a )?(?:bots?|robots?|machines?)\b.*\b(?:human|person|someone|somebody)\b",
            # Afrikaans
            r"\b(?:praat|gesels)\s+(?:asseblief\s+)?met\s+(?:'?n |die |julle |jou |een )?(?:regte |lewende |egte |ander )?(?:iemand|mens|persoon|konsultant|bestuurder|agent|verteenwoordiger|baas|eienaar)\b",
            r"\bmet\s+(?:'?n |die |julle )?(?:regte |lewende |egte )?(?:iemand|mens|persoon|konsultant|bestuurder|agent)\s+(?:praat|gesels)\b",
            r"\b(?:soek|wil|gee my|kry my)\s+(?:'?n )?(?:regte|lewende|egte)\s+(?:mens|persoon)\b",
            r"\b(?:kan|laat|moet)\s+iemand\s+(?:my\s+)?(?:asseblief\s+)?(?:bel|skakel|help|kontak)\b",
            # isiZulu, isiXhosa
            r"\b\w*(?:khulum|thetha|xoxa|ncokol)\w*\s+(?:no|na|ne)(?:muntu|mntu|meluleki|mphathi|menenja|msebenzi|bantu)\w*\b",
            r"\b(?:ngifuna|ngidinga|ndifuna|ndidinga)\s+(?:umuntu|umntu|umeluleki|umphathi)\b",
            r"\bumu?ntu\s+(?:wangempela|wokwenyani|wokwenene|ophilayo)\b",
            # Sesotho, Setswana, Sepedi
            r"\b(?:bua|bolela|buisana|buang)\s+le\s+(?:motho|moemedi|molaodi|mookamedi)\b",
            # Portuguese, Spanish, French
            r"\b(?:falar|conversar)\s+(?:com|c/?)\s+(?:um |uma |o |a |algum |alguma |seu |vosso )?(?:pessoa|humano|atendente|alguem|operadora?|assistente|gerente|funcionari[oa]|ser humano|responsavel)\b",
            r"\b(?:hablar|charlar|comunicarme|contactar)\s+con\s+(?:un |una |el |la |algun |alguna |su |otra )?(?:persona|humano|agente|alguien|asesora?|operadora?|representante|gerente|encargad[oa]|ser humano|supervisora?)\b",
            r"\b(?:quero|preciso de|quiero|necesito)\s+(?:um |uma |un |una )?(?:pessoa|persona|humano|atendente|agente)\b",
            r"\b(?:parler|discuter)\s+(?:a|avec)\s+(?:un |une |quelqu'un|le |la )?(?:personne|humain|agent|conseiller|conseillere|quelqu'un|responsable|)\b",
            # Arabic, Hindi
            r"(?:اتكلم|اتحدث|التحدث|التكلم|احكي|الحديث|الكلام)\s+(?:مع|الي|الى)\s+(?:اي\s+)?(?:شخص|موظف|انسان|احد|ممثل|مسؤول|مدير|بشر)",
            r"(?:اريد|ابغي|عايز|محتاج|احتاج)\s+(?:موظف|شخص|انسان)",
            r"(?:इंसान|व्यक्ति|किसी|एजेंट|मैनेजर|आदमी|प्रतिनिधि)\s+से\s+बात",
            r"\b(?:insaan|insan|kisi|agent|manager|aadmi|vyakti|kisi bande|executive)\s+se\s+baa?t\b",
        )
    )
)
# Said about the chat, not asked of it; and wishing for the opposite.
_NOT_ASKING: Final = re.compile(
    r"\b(?:am i|are we)\s+(?:talking|speaking|chatting|texting)\s+(?:to|with)\s+[\w ]+?(?=\s+(?:or|and|can|i|please)\b|$)(?:\s+or\s+(?:a |an )?(?:\w+ ?){1,2})?"
    r"|\b(?:are|r)\s+(?:you|u)\s+(?:even |really |actually )?(?:a |an )?(?:real )?(?:human|person|bot|robot|agent)(?:\s+or\s+(?:a |an )?(?:real )?\w+)?"
    r"|\b(?:don't|dont|do not|not)\s+(?:want|need|have|wish|like)\s+to\s+(?:speak|talk|chat)\s+(?:to|with)\s+(?:a |an |any )?[\w ]{1,20}?\b(?:person|human|agent|someone|anyone|bot|robot|machine|manager)\b"
    r"|\b(?:don't|dont|do not)\s+(?:need|want)\s+(?:a |an )?(?:human|person|agent|consultant)\b"
    r"|\bno need to (?:speak|talk|chat) (?:to|with) \w+(?: \w+)?"
)


def asks_for_person(text: str) -> bool:
    """Does the customer want a human being? "How much per person?" and "are you a person?" do not."""
    said = " ".join(_plain(text))
    bare = " ".join(_POLITE.sub(" ", said).split())
    if bare in _PERSON_WORDS:
        return True
    return bool(_ASKS.search(_NOT_ASKING.sub(" . ", bare)))


def is_greeting(text: str) -> bool:
    """Is this a greeting and nothing else, in at most three words?"""
    words = _plain(text)
    if not 0 < len(words) <= GREETING_WORDS_MAX:
        return False
    if len(words) == 1 and text.strip(" .,!?").casefold() in _ALONE:
        return True
    opening = 2 if " ".join(words[:2]) in _GREETING_PAIRS else int(words[0] in _GREETINGS)
    rest = words[opening:]
    return opening > 0 and (
        is_greeting(" ".join(rest))
        if rest and rest[0] not in _AFTER_GREETING
        else set(rest) <= _AFTER_GREETING
    )


def is_stop(text: str) -> bool:
    """Is the whole message a wish to get no more messages? "Stop the delivery" is not."""
    return _bare(text) in _STOP


def is_start(text: str) -> bool:
    """Is the whole message a wish to get messages again?"""
    return _bare(text) in _START


def _bare(text: str) -> str:
    return " ".join(_POLITE.sub(" ", " ".join(_plain(text))).split())


def _plain(text: str) -> list[str]:
    """Words without case, accents, punctuation and emoji."""
    text = unicodedata.normalize("NFKC", text[:400]).casefold().replace("’", "'")
    text = _MARKS.sub("", unicodedata.normalize("NFD", text)).translate(_ARABIC)
    return _WORD.findall(unicodedata.normalize("NFC", text))
