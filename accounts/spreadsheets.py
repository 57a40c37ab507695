"""Tables that a spreadsheet opens and doesn't run."""

import pandas as pd

# What a spreadsheet would run as a formula (https://owasp.org/www-community/attacks/CSV_Injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def defused(table: pd.DataFrame) -> pd.DataFrame:
    """The table with an apostrophe before each text that would be a formula."""
    text = table.select_dtypes(["object", "string"]).columns
    return table.assign(**{column: table[column].map(_cell) for column in text})


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
