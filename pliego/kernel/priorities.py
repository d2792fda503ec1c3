"""What the worker takes first. A job without a word of these is an act's own consequence and comes in between."""

TERMS = 200  # the law's terms: closing what is due
PERSONAL = 100  # what somebody waits for before their screen: codes, links, letters about their own access
NOTICES = -10  # mails about what others did: there may be thousands of them
