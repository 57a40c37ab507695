"""How far the popularity of films counts in a list; everybody can choose."""

from typing import Literal, get_args

Style = Literal["popular", "balanced", "adventurous"]

STYLES: tuple[Style, ...] = get_args(Style)
DEFAULT_STYLE: Style = "balanced"
