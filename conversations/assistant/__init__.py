"""The thinking: what a customer wants (intents), what Claude would answer (replies), and whether
each figure in it is backed by facts (guard). Knows no Django, no WhatsApp and no database."""
