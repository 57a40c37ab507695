"""Texts by other people, made safe for our pages."""

import re

# What Markdown reads: signs anywhere, list markers at the start, colons that begin a short code.
_MARKUP = re.compile(r"[\\`*_{}\[\]<>#.|~$^]|^[+-]|(?<=^\d)\)|:(?=\S)")

# What Markdown turns into links even if it is escaped.
_ADDRESS = re.compile(r"https?:(?=//)|www(?=\.)|(?<=[\w.+-])@(?=[\w-]+\.[\w-])", re.IGNORECASE)
_JOINER = "\u2060"  # is invisible, and no line breaks at it


def plain(words: str, most: int = 100) -> str:
    """Return words as they were typed, escaped for Markdown and cut to a length.

    No address in them becomes a link.
    """
    words = " ".join(words.split())
    if len(words) > most:
        words = words[: most - 1] + "…"
    words = _ADDRESS.sub(rf"\g<0>{_JOINER}", words)
    return _MARKUP.sub(r"\\\g<0>", words)
