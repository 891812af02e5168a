"""/control/: the JSON API by which tests and demos play the customers and look behind the scenes.

No login: it is bound to this machine, and what it reaches are pretended people.
"""
