"""Other people's words on our pages."""

import re

# What Markdown reads: signs anywhere, marks of a list in front, colons that begin a short code.
_MARKUP = re.compile(r"[\\`*_{}\[\]<>#.|~$^]|^[+-]|(?<=^\d)\)|:(?=\S)")

# What Markdown makes links of, however it is escaped: it looks for them in what the signs left.
_ADDRESS = re.compile(r"https?:(?=//)|www(?=\.)|(?<=[\w.+-])@(?=[\w-]+\.[\w-])", re.IGNORECASE)
_JOINER = "\u2060"  # is nowhere seen, and no line breaks at it


def plain(words: str, most: int = 100) -> str:
    """Words as they were typed, for places that would read them as Markdown; the rest cut off.

    No address in them becomes a link.
    """
    words = " ".join(words.split())
    if len(words) > most:
        words = words[: most - 1] + "…"
    words = _ADDRESS.sub(rf"\g<0>{_JOINER}", words)
    return _MARKUP.sub(r"\\\g<0>", words)
