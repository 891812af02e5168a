"""The demo's twelve customers: the people whose phones the simulator shows."""

from conversations.models import Contact

NAMES = {
    "27821230001": "Thandi Mokoena",
    "27821230002": "Sipho Ndlovu",
    "27821230003": "Lerato Khumalo",
    "27821230004": "Johan van der Merwe",
    "27821230005": "Ayesha Patel",
    "27821230006": "Nomvula Dlamini",
    "27821230007": "Pieter Botha",
    "27821230008": "Fatima Essop",
    "27821230009": "Bongani Nkosi",
    "27821230010": "Chantal Adams",
    "27821230011": "Vusi Mahlangu",
    "27821230012": "Zanele Mthembu",
}


def add() -> dict[str, Contact]:
    """The contacts, by name."""
    rows = Contact.objects.bulk_create(
        Contact(wa_id=wa_id, name=name) for wa_id, name in NAMES.items()
    )
    return {contact.name: contact for contact in rows}
