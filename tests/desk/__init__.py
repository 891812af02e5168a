"""What a team does at its desks: give away, put aside, note, label, search, count."""
