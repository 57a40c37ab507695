"""Tables that a spreadsheet opens and doesn't run."""

import re
import unicodedata

import pandas as pd

# What a spreadsheet would run as a formula (https://owasp.org/www-community/attacks/CSV_Injection).
FORMULA = "=+-@"

# It cuts a line into cells at the separator of its own country, which may be any of these; quotes
# around a cell hold for the comma alone, and those within may begin one.
_SEPARATED = re.compile(r"""([,;\t\r\n|][\s"]*)(?=([^\s"]))""")


def defused(table: pd.DataFrame) -> pd.DataFrame:
    """The table with an apostrophe before each text that would be a formula, or a part of one."""
    text = table.select_dtypes(["object", "string"]).columns
    return table.assign(**{column: table[column].map(_cell) for column in text})


def defused_line(line: str) -> str:
    """A line of text for a file of cells, with an apostrophe before what would be a formula."""
    return _SEPARATED.sub(lambda found: found[1] + "'" * _begins_one(found[2]), line)


def _cell(value: object) -> object:
    if not isinstance(value, str):
        return value
    return "'" * (_begins_one(value) or value[:1] in ("\t", "\r", "\n")) + defused_line(value)


def _begins_one(text: str) -> bool:
    """Whether a spreadsheet takes it for a formula; Japanese ones do for a full-width sign too."""
    return unicodedata.normalize("NFKC", text.lstrip()[:1]).startswith(tuple(FORMULA))
