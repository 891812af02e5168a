"""How the admin writes dates and times: by the locale, except where it says otherwise here."""
