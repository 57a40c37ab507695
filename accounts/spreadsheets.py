"""Protection of exported tables against formulas that a spreadsheet would run."""

import re
import unicodedata

import pandas as pd

# What a spreadsheet would run as a formula (https://owasp.org/www-community/attacks/CSV_Injection).
FORMULA = "=+-@"

# It splits a line at the separator of its locale, which may be any of these; quotes around a cell
# protect only the comma, and quotes inside may begin a cell.
_SEPARATED = re.compile(r"""([,;\t\r\n|][\s"]*)(?=([^\s"]))""")


def defused(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with an apostrophe before each text that a spreadsheet could run."""
    text = table.select_dtypes(["object", "string"]).columns
    return table.assign(**{column: table[column].map(_cell) for column in text})


def defused_line(line: str) -> str:
    """Return a line of text with an apostrophe before each part that would be a formula."""
    return _SEPARATED.sub(lambda found: found[1] + "'" * _begins_formula(found[2]), line)


def _cell(value: object) -> object:
    if not isinstance(value, str):
        return value
    return "'" * (_begins_formula(value) or value[:1] in ("\t", "\r", "\n")) + defused_line(value)


def _begins_formula(text: str) -> bool:
    """Return whether a spreadsheet would run it; Japanese ones accept full-width signs too."""
    return unicodedata.normalize("NFKC", text.lstrip()[:1]).startswith(tuple(FORMULA))
