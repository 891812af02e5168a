curl -sS --fail-with-body -X PUT "$CONSOLE/api/v1/accounts/KOS-1001" \
    -H "Authorization: Bearer $KEY" \
    -H "Content-Type: application/json" \
    -d '{"name": "Mokoena Bookkeeping", "phone_numbers": ["+27 82 123 4567"]}'

curl -sS --fail-with-body -X PUT "$CONSOLE/api/v1/invoices/2026/0042" \
    -H "Authorization: Bearer $KEY" \
    -H "Content-Type: application/json" \
    -d '{
        "number": "INV-0042",
        "account": "KOS-1001",
        "total": {"amount": "1234.50", "currency": "ZAR"},
        "issued_on": "2026-10-01",
        "due_on": "2026-10-31"
    }'
