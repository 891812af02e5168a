"""What the demo's customers and staff said to each other over the last days, one story each."""

from collections.abc import Callable

from waconsole.demo_data.chat import Chat
from waconsole.demo_data.stories import invoices, orders, templates

Story = Callable[[Chat], None]

STORIES: dict[str, Story] = {
    "Thandi Mokoena": invoices.thandi,
    "Sipho Ndlovu": orders.sipho,
    "Lerato Khumalo": orders.lerato,
    "Johan van der Merwe": invoices.johan,
    "Ayesha Patel": templates.ayesha,
    "Nomvula Dlamini": invoices.nomvula,
    "Pieter Botha": orders.pieter,
    "Fatima Essop": templates.fatima,
    "Bongani Nkosi": invoices.bongani,
    "Chantal Adams": orders.chantal,
    "Vusi Mahlangu": orders.vusi,
    "Zanele Mthembu": templates.zanele,
}
