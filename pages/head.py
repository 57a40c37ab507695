"""What the head of every page has: our style, and the headings' font at once.

Headings that are set anew in their font when it comes would move what is below them.
"""

import json
from pathlib import Path

import streamlit

from language import LANGUAGES, Text, translations

TITLE = "Five Films"
NO_WEBSOCKET = (
    Text(
        "The page stays empty, for it can't open a WebSocket to its server. Reload it. A company's "
        "network, a VPN or a browser extension may stand in between."
    ),
    Text(
        "If you run this site: the proxy has to pass WebSockets on (/_stcore/stream), and "
        "PUBLIC_URL has to be {address}. The app's log says what it refuses, docs/deploy.md how "
        "a proxy is set up."
    ),
)

_FONTS = Path(streamlit.__file__).parent / "static" / "static" / "media"


def html() -> str:
    """The HTML that comes last in the head."""
    fonts = "".join(
        f'<link rel="preload" href="/static/media/{font.name}" as="font" type="font/woff2" '
        "crossorigin>"
        for font in _FONTS.glob("SourceSerif*-Roman*.woff2")
    )
    folder = Path(__file__).parent
    style = (folder / "style.css").read_text()
    script = (folder / "no_websocket.js").read_text().replace("__TEXTS__", _texts())
    return f"{fonts}<style>{style}</style><script>{script}</script>"


def _texts() -> str:
    """What the script says, in each language, as JSON that can't end the script."""
    said = {
        each: [translations(each).gettext(text.template) for text in NO_WEBSOCKET]
        for each in LANGUAGES
    }
    return json.dumps(said, ensure_ascii=False).replace("<", "\\u003c")
