"""What the head of every page has: our style, and the headings' font at once.

Headings that are set anew in their font when it comes would move what is below them.
"""

from pathlib import Path

import streamlit

TITLE = "Five Films"

_FONTS = Path(streamlit.__file__).parent / "static" / "static" / "media"


def html() -> str:
    """The HTML that comes last in the head."""
    fonts = "".join(
        f'<link rel="preload" href="/static/media/{font.name}" as="font" type="font/woff2" '
        "crossorigin>"
        for font in _FONTS.glob("SourceSerif*-Roman*.woff2")
    )
    return f"{fonts}<style>{(Path(__file__).parent / 'style.css').read_text()}</style>"
