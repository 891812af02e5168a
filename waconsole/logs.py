"""How a log line looks: ids and causes, never what a customer wrote. Settings name the class."""

import logging
import re

# PostgreSQL quotes the row or the key that it refused, and a row may hold any number of lines: all
# goes until Python itself speaks again.
QUOTED_ROW = re.compile(
    r"^(DETAIL|CONTEXT):.*?(?=^\n?(The above exception|During handling|Traceback )|\Z)",
    re.MULTILINE | re.DOTALL,
)


class WithoutRows(logging.Formatter):
    """Leaves out the rows that a database error quotes, in messages and in tracebacks."""

    def format(self, record: logging.LogRecord) -> str:
        return QUOTED_ROW.sub("", super().format(record)).rstrip()
