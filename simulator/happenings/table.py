"""Every happening by name: the page /faults and /control/happenings/ show this table."""

from typing import Any

from simulator.happenings import around, reviewing
from simulator.happenings.made import Happening, account, say, tell, tell_of_number

REFERRAL: dict[str, Any] = {
    "source_url": "https://fb.me/2x4tYhS",
    "source_id": "120210000000000001",
    "source_type": "ad",
    "headline": "Desks from R 999",
    "body": "This week only, delivered in Gauteng.",
    "media_type": "image",
    "image_url": "https://example.com/desk.jpg",
    "ctwa_clid": "ARAkLkA8rmlFeiCktEJQ-QTwRiyYHAFDLMNDBH0CD3qpjd0HR4irJ6LEkR7J",
}
ORDER = {
    "catalog_id": "400000000000001",
    "text": "Please deliver on Tuesday",
    "product_items": [
        {"product_retailer_id": "A4-80", "quantity": 5, "item_price": 89.9, "currency": "ZAR"}
    ],
}
UNFETCHED = {
    "code": 131052,
    "title": "Media download error",
    "message": "Media download error",
    "error_data": {"details": "Failed to download the media from the sender."},
}
LIMIT = {"max_daily_conversations_per_business": "TIER_2K", "max_phone_numbers_per_business": 20}

HAPPENINGS = {
    "ad": Happening(
        "A first message by way of an ad",
        say("text", {"body": "Is this still available?"}, beside={"referral": REFERRAL}),
    ),
    "forwarded": Happening(
        "A forwarded message",
        say("text", {"body": "Win a new phone!"}, context={"frequently_forwarded": True}),
    ),
    "order": Happening("An order from the catalogue", say("order", ORDER)),
    "unknown_type": Happening("A type nobody has heard of", say("hologram", {"shape": "cat"})),
    "unsupported": Happening("An unsupported message", around.says("unsupported")),
    "unfetched": Happening(
        "A photo that Meta could not fetch", say("image", {}, beside={"errors": [UNFETCHED]})
    ),
    "welcome": Happening("The chat is opened for the first time", say("request_welcome", {})),
    "number": Happening("The customer has a new number", around.changes_number),
    "user_id": Happening("The customer's user id changes", around.changes_user_id),
    "identity": Happening("The customer has a new phone", around.new_phone),
    "stop": Happening("The customer stops marketing", around.preference("stop")),
    "resume": Happening("The customer resumes marketing", around.preference("resume")),
    "echo": Happening("Staff answer from the phone app", around.echo),
    "unknown_status": Happening("A status of an unknown message", around.unknown_status),
    "value_error": Happening("An error without a message (130429)", around.value_error),
    "pause": Happening("A template is paused", reviewing.pause),
    "unpause": Happening("... is unpaused", reviewing.unpause),
    "disable": Happening("A template is disabled", reviewing.disable),
    "reject": Happening("A template is rejected", reviewing.reject),
    "quality": Happening("A template's quality falls to red", reviewing.worse_quality),
    "category": Happening("A template becomes marketing", reviewing.category_changes),
    "category_soon": Happening("... will become marketing in 24 h", reviewing.category_will_change),
    "upgrade": Happening(
        "The number's throughput rises",
        tell_of_number(
            "phone_number_quality_update",
            event="THROUGHPUT_UPGRADE",
            current_limit="TIER_UNLIMITED",
        ),
    ),
    "flagged": Happening(
        "The number is flagged",
        tell_of_number("phone_number_quality_update", event="FLAGGED", current_limit="TIER_250"),
    ),
    "name": Happening(
        "The display name is rejected",
        tell_of_number(
            "phone_number_name_update",
            decision="REJECTED",
            requested_verified_name="Best Ever",
            rejection_reason="NAME_NOT_RELATED",
        ),
    ),
    "pin": Happening(
        "Somebody changes the PIN",
        tell_of_number("security", event="PIN_CHANGED", requester="100000000000009"),
    ),
    "limit": Happening("The messaging limit changes", tell("business_capability_update", **LIMIT)),
    "restriction": Happening(
        "The account is restricted",
        account(
            "ACCOUNT_RESTRICTION",
            restriction_info=[
                {
                    "restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING",
                    "expiration": 1_893_456_000,
                }
            ],
        ),
    ),
    "violation": Happening(
        "The account breaks a policy",
        account("ACCOUNT_VIOLATION", violation_info={"violation_type": "SCAM"}),
    ),
    "ban": Happening(
        "The account will be disabled",
        account(
            "DISABLED_UPDATE",
            ban_info={
                "waba_ban_state": "SCHEDULE_FOR_DISABLE",
                "waba_ban_date": "December 1, 2026",
            },
        ),
    ),
    "alert": Happening(
        "An account alert",
        tell(
            "account_alerts",
            entity_type="BUSINESS",
            entity_id="500000000000001",
            alert_info={
                "alert_severity": "WARNING",
                "alert_status": "ACTIVE",
                "alert_type": "INCREASED_CAPABILITIES_ELIGIBILITY_NEED_MORE_INFO",
                "alert_description": "More information is needed.",
            },
        ),
    ),
}
