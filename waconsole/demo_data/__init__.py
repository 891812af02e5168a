"""The demo's business: Karoo Office Supplies, its customers, invoices, conversations and staff.

The command `demo` comes in and puts `ENVIRONMENT` around the processes that it starts. None of the
people, companies and numbers in here exists.
"""

from waconsole.demo_data.business import BANK_DETAILS, BUSINESS_NAME, ENVIRONMENT
from waconsole.demo_data.loading import DemoRefused, load
from waconsole.demo_data.phones import tell as tell_phones
from waconsole.demo_data.staff import Login

__all__ = [
    "BANK_DETAILS",
    "BUSINESS_NAME",
    "ENVIRONMENT",
    "DemoRefused",
    "Login",
    "load",
    "tell_phones",
]
