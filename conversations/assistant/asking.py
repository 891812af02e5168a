"""Does a customer ask for a human being? In the languages customers use here.

Called by `intents`. Words said about people ("per person", "the agent who sold it") do not count.
"""

from __future__ import annotations

import re
from typing import Final

from conversations.assistant.phrases import plain_words, without_courtesy

CHARACTERS_MAX: Final = 1000  # the wish may stand at the end of a long complaint


def asks_for_person(text: str) -> bool:
    """ "Let me talk to a person" and a bare "agent" do; "are you a person?" does not."""
    if without_courtesy(plain_words(text)) in _WHOLE_MESSAGES:
        return True
    clauses = re.split(r"[.,!?;:\n]+", text[:CHARACTERS_MAX])
    return any(_asks(without_courtesy(plain_words(clause))) for clause in clauses)


def _asks(clause: str) -> bool:
    return bool(_ASKING.search(_NOT_ASKING.sub(" ", clause)))


_WHOLE_MESSAGES: Final = frozenset(
    plain_words(phrase)
    for line in (
        "agent, an agent, live agent, human agent, support agent, real agent, human, a human",
        "human being, real human, human support, human help, person, a person, real person",
        "live person, operator, consultant, a consultant, representative, rep, live chat",
        "customer service, customer care, customer support, manager, supervisor, receptionist",
        "someone, somebody, call me, call me back, phone me, ring me, call back, callback",
        "mens, 'n mens, regte mens, persoon, regte persoon, konsultant, bestuurder, bel my",
        "bel my terug, umuntu, umntu, motho, umeluleki, imenenja, umphathi, ngishayele ucingo",
        "ngishayeleni ucingo, nditsalele umnxeba",
        "pessoa, uma pessoa, pessoa real, atendente, humano, atendimento humano, operador, gerente",
        "persona, una persona, persona real, agente, un agente, asesor, un asesor",
        "humain, un humain, conseiller, un conseiller, موظف, انسان, شخص حقيقي, خدمة العملاء",
        "इंसान, एजेंट, insaan",
    )
    for phrase in line.split(",")
)

_TALK: Final = (
    r"(?:speak|talk|chat|spk|transferred|connected|connect me|transfer me|put me through|pass me"
    r"|hand me over|refer me|escalate(?: this| me)?)"
)
_REAL: Final = r"(?:real|live|actual|human|proper|physical|normal)"
_SOMEBODY: Final = (
    rf"(?:(?:a|an|the|one|some|any|your|ur|another|{_REAL}|customer|service|care|support|sales"
    r"|accounts?|billing|call|centre|center|shop|store|branch|general|duty)\s)*"
    r"(?:person|human|human being|agent|consultant|operator|representative|rep|manager|supervisor"
    r"|someone|somebody|some one|anyone|anybody|staff|people|owner|boss|advisor|adviser"
    r"|receptionist|colleague|department|team|sales|accounts)\b"
)
_MENS: Final = r"(?:iemand|mens|persoon|konsultant|bestuurder|agent|verteenwoordiger|eienaar)"
_PESSOA: Final = r"(?:pessoa|humano|ser humano|atendente|alguem|operadora?|gerente|responsavel)"
_PERSONA: Final = (
    r"(?:persona|humano|ser humano|agente|alguien|asesora?|operadora?|representante|gerente"
    r"|encargad[oa]|supervisora?)"
)

_ASKING: Final = re.compile(
    "|".join(
        (
            rf"\b{_TALK}\s(?:directly\s|now\s|over\s)*(?:to|with)\s{_SOMEBODY}",
            rf"\b(?:want|need|get me|give me|would like|prefer)\s(?:an?\s)?{_REAL}\s"
            r"(?:person|human|agent|being|consultant)\b",
            r"\b(?:want|get me|give me)\san?\s(?:human|person|agent|consultant|operator)$",
            r"\b(?:someone|somebody|anyone|some one|an agent|a consultant|a person|a human"
            r"|(?:the|a|your) manager)\s(?:to\s|must\s|can\s|should\s)?"
            r"(?:call|phone|ring|contact|speak to|talk to|get back to)\s(?:me|us)\b",
            r"^(?:(?:can|could|will) (?:you|u) )?(?:call|phone|ring) me(?: back)?"
            r"(?: now| asap| today| tomorrow| urgently)?$",
            r"\b(?:someone|somebody|anyone|a person|a human|an agent)\s(?:that\s|who\s)?i can\s"
            r"(?:speak|talk|chat)\b",
            # Afrikaans
            rf"\b(?:praat|gesels)\smet\s(?:'?n\s|die\s|julle\s)?(?:regte\s|lewende\s)?{_MENS}\b",
            rf"\bmet\s(?:'?n\s|die\s|julle\s)?(?:regte\s|lewende\s)?{_MENS}\s(?:praat|gesels)\b",
            r"\b(?:soek|wil|gee my|kry my)\s(?:'?n\s)?(?:regte|lewende)\s(?:mens|persoon)\b",
            r"\biemand\s(?:my\s)?(?:bel|skakel|kontak)\b",
            # isiZulu and isiXhosa, with whatever stands before and after the verb's stem
            r"\b\w*(?:khulum|thetha|xoxa|ncokol)\w*\sn[aeo](?:muntu|mntu|bantu|meluleki|mphathi"
            r"|menenja|menyajala|msebenzi)\w*\b",
            r"\b(?:ngifuna|ngidinga|ndifuna|ndidinga)\s(?:umuntu|umntu|umeluleki|umphathi)\b",
            r"\bum(?:u)?ntu\s(?:wangempela|wokwenyani|wokwenene)\b",
            # Sesotho, Setswana, Sepedi
            r"\b(?:bua|bolela|buisana)\sle\s(?:motho|moemedi|molaodi|mookamedi)\b",
            # Portuguese, Spanish, French
            rf"\b(?:falar|conversar)\scom\s(?:uma?\s|[oa]\s|alguma?\s)?{_PESSOA}\b",
            rf"\b(?:hablar|comunicarme)\scon\s(?:una?\s|el\s|la\s|alguna?\s)?{_PERSONA}\b",
            rf"\b(?:quero|preciso de|quiero|necesito)\s(?:uma?|una?)\s(?:{_PESSOA}|{_PERSONA})\b",
            r"\bparler\s(?:a|avec)\s(?:une?\s|le\s|la\s)?(?:personne|humain|agent|conseiller"
            r"|conseillere|quelqu'un|responsable)\b",
            # Arabic, Hindi
            r"(?:اتكلم|اتحدث|التحدث|التكلم|احكي|الكلام)\s(?:مع|الي)\s(?:اي\s)?"
            r"(?:شخص|موظف|انسان|احد|ممثل|مسؤول|مدير)",
            r"(?:اريد|ابغي|عايز|احتاج)\s(?:موظف|انسان)",
            r"(?:इंसान|व्यक्ति|किसी|एजेंट|मैनेजर|आदमी)\sसे\sबात",
            r"\b(?:insaa?n|kisi|agent|manager|aadmi|executive)\sse\sbaa?t\b",
        )
    )
)
# Asking what we are, and wishing for the opposite.
_NOT_ASKING: Final = re.compile(
    r"\b(?:am i|are we)\s(?:talking|speaking|chatting)\s(?:to|with)\s.*"
    r"|\b(?:don't|dont|do not|not)\s(?:want|need|have|wish)\sto\s(?:speak|talk|chat)\s(?:to|with)"
    r"\s(?:an?\s|any\s|the\s|your\s)?(?:\w+\s)?(?:person|human|agent|someone|anyone|manager|bot)\b"
    r"|\bno need to\s(?:speak|talk|chat)\s(?:to|with)\s\w+(?:\s\w+)?"
)
