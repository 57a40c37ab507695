"""Other people's words on our pages."""

import re

_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~$:^])")


def plain(words: str, most: int = 100) -> str:
    """Words as they were typed, for places that would read them as Markdown; the rest cut off."""
    words = " ".join(words.split())
    if len(words) > most:
        words = words[: most - 1] + "…"
    return _MARKUP.sub(r"\\\1", words)
