curl -sS --fail-with-body "$CONSOLE/api/v1/threads?page_size=5" \
    -H "Authorization: Bearer $KEY"
