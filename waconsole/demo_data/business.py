"""The business itself: its name, its WhatsApp number, its bank details. Asks nothing of Django."""

BUSINESS_NAME = "Karoo Office Supplies"
PHONE_NUMBER_ID = "100000000000001"
WABA_ID = "200000000000001"
DISPLAY_NUMBER = "+27 21 555 0100"
LANGUAGE = "en_ZA"

BANK_DETAILS = "\n".join(
    (
        BUSINESS_NAME,
        "Bank: Dorper Bank",
        "Account number: 6200 1234 567",
        "Branch code: 990 001",
    )
)

# What the demo's processes are told; names as in waconsole/settings.py.
ENVIRONMENT = {"BUSINESS_NAME": BUSINESS_NAME, "BANK_DETAILS": BANK_DETAILS}
