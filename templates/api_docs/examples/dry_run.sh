curl -sS --fail-with-body "$CONSOLE/api/v1/messages" \
    -H "Authorization: Bearer $KEY" \
    -H "Content-Type: application/json" \
    -d '{"phone_number": "+27 82 123 4567", "text": "Your order is on its way.", "dry_run": true}'
