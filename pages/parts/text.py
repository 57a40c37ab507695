"""Other people's words on our pages."""

import re

# What Markdown reads: signs anywhere, marks of a list in front, colons that begin a short code.
_MARKUP = re.compile(r"[\\`*_{}\[\]<>#.|~$^]|^[+-]|(?<=^\d)\)|:(?=\S)")


def plain(words: str, most: int = 100) -> str:
    """Words as they were typed, for places that would read them as Markdown; the rest cut off."""
    words = " ".join(words.split())
    if len(words) > most:
        words = words[: most - 1] + "…"
    return _MARKUP.sub(r"\\\g<0>", words)
