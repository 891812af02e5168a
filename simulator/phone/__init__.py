"""The page at `/`: customers' phones, drawn from the same rows that the Graph API writes."""
