"""One telephone, several WhatsApp ids: countries whose mobile numbers are written in two ways.

Intake looks a customer up under each of these forms.
"""

import re
from collections.abc import Callable

# Country: the longer form, the shorter form. Both name the same telephone.
# Brazil put a 9 before mobile numbers (which begin with 6 to 9; landlines do not) and WhatsApp
# keeps the old form in many area codes. Mexico dropped the 1 after 52 in 2019. Argentina writes
# a 9 after 54 for mobiles called from abroad.
_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"55([1-9]\d)9([6-9]\d{7})"), lambda found: f"55{found[1]}{found[2]}"),
    (re.compile(r"55([1-9]\d)([6-9]\d{7})"), lambda found: f"55{found[1]}9{found[2]}"),
    (re.compile(r"521(\d{10})"), lambda found: f"52{found[1]}"),
    (re.compile(r"52(\d{10})"), lambda found: f"521{found[1]}"),
    (re.compile(r"549(\d{10})"), lambda found: f"54{found[1]}"),
    (re.compile(r"54(\d{10})"), lambda found: f"549{found[1]}"),
)


def wa_id_variants(wa_id: str) -> tuple[str, ...]:
    """Return the wa_id itself, and after it the other form of the same number where there is one.

    `wa_id`: digits with country code, no "+". Anything else is returned alone, as it is.
    Source: Cloud API, phone numbers; the national numbering plans of BR, MX and AR.
    """
    if not wa_id.isascii():
        return (wa_id,)
    for form, other in _FORMS:
        if found := form.fullmatch(wa_id):
            return (wa_id, other(found))
    return (wa_id,)
