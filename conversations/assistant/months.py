"""The months by name, in the languages the assistant answers in. Read by `claims`."""

from __future__ import annotations

from typing import Final

_NAMES: Final = (
    # Left out for being words of other trades: set, out, ago.
    # English, Afrikaans, isiZulu and isiXhosa, Portuguese, Spanish, Arabic, Hindi
    "january jan januarie januwari janyuwari ngojanuwari janeiro enero ene يناير जनवरी",
    "february feb februarie februwari febhuwari fevereiro fev febrero فبراير फरवरी फ़रवरी",
    "march mar maart mrt mashi matshi março marco marzo مارس मार्च",
    "april apr ephreli epreli abril abr ابريل أبريل अप्रैल",
    "may mei meyi maio mayo مايو मई",
    "june jun junie juni junho junio يونيو जून",
    "july jul julie julayi julho julio يوليو जुलाई",
    "august aug augustus agasti agosto اغسطس أغسطس अगस्त",
    "september sep sept septhemba septemba setembro septiembre سبتمبر सितंबर सितम्बर",
    "october oct oktober okt okthoba oktobha outubro octubre اكتوبر أكتوبر अक्टूबर अक्तूबर",
    "november nov novemba novembro noviembre نوفمبر नवंबर नवम्बर",
    "december dec desember des disemba dezembro dez diciembre dic ديسمبر दिसंबर दिसम्बर",
)

MONTHS: Final = {
    name: number for number, names in enumerate(_NAMES, start=1) for name in names.split()
}
