"""Makes pages/fonts from the fonts in the installed Streamlit, after an update of it.

With the package `fonttools[woff]`: `python scripts/fonts.py …/site-packages/streamlit`.

Latin and Cyrillic, and the weights that the pages use, are an eighth of the whole. Stars are added:
for a character that is missing the browser would load the whole font. The Source fonts' licence,
which stays in the files, reserves their name, so the files have another one.
"""

import math
import sys
from pathlib import Path

from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

MEDIA = Path("static/static/media")
FONTS = Path(__file__).parent.parent / "pages" / "fonts"

UNICODES = {
    *range(0x20, 0x7F),
    *range(0xA0, 0x250),  # Latin-1, Latin Extended-A and -B
    *range(0x400, 0x460),  # Cyrillic
    *(0x490, 0x491, 0x2116, 0x20AC, 0x2122, 0x2212, 0x2248, 0x2264, 0x2265),
    *range(0x2010, 0x2028),  # dashes, quotation marks, the ellipsis
    *(0x2030, 0x2032, 0x2033, 0x2039, 0x203A, 0x2190, 0x2191, 0x2192, 0x2193),
}

MADE = {
    "sans": ("SourceSansVF-Upright.*.woff2", {"wght": (400, 700)}),
    "sans-italic": ("SourceSansVF-Italic.*.woff2", {"wght": 400}),
    "serif": ("SourceSerifVariable-Roman.*.woff2", {"wght": 600, "opsz": 30}),
}


def add_stars(font: TTFont) -> None:
    """Draw U+2605 and U+2606, a black and a white star, which the fonts lack."""
    size = font["head"].unitsPerEm
    for code, name, holes in ((0x2605, "star", ()), (0x2606, "whitestar", (0.8,))):
        pen = TTGlyphPen(None)
        _draw(pen, [_corner(size, turn, 1.0) for turn in range(10)])
        for hole in holes:
            _draw(pen, [_corner(size, turn, hole) for turn in reversed(range(10))])
        star = pen.glyph()
        star.recalcBounds(font["glyf"])
        font["glyf"][name] = star
        font["hmtx"][name] = (round(size * 0.82), star.xMin)
        for table in font["cmap"].tables:
            if table.isUnicode():
                table.cmap[code] = name
        if "gvar" in font:
            font["gvar"].variations[name] = []
    if "HVAR" in font:
        del font["HVAR"]  # the widths are in gvar too


def _corner(size: int, turn: int, scale: float) -> tuple[int, int]:
    radius = scale * size * (0.40 if turn % 2 == 0 else 0.175)
    angle = math.pi / 2 - turn * math.pi / 5
    return round(size * 0.41 + radius * math.cos(angle)), round(
        size * 0.34 + radius * math.sin(angle)
    )


def _draw(pen: TTGlyphPen, corners: list[tuple[int, int]]) -> None:
    pen.moveTo(corners[0])
    for corner in corners[1:]:
        pen.lineTo(corner)
    pen.closePath()


def main(streamlit: Path) -> None:
    """Make the files from the fonts in the folder of the package."""
    FONTS.mkdir(exist_ok=True)
    for name, (pattern, axes) in MADE.items():
        (source,) = (streamlit / MEDIA).glob(pattern)
        font = TTFont(source)
        subsetter = Subsetter(Options(layout_features=["kern", "liga", "mark", "mkmk", "ccmp"]))
        subsetter.populate(unicodes=UNICODES)
        subsetter.subset(font)
        font = instantiateVariableFont(font, axes)
        add_stars(font)
        for record in font["name"].names:
            if record.nameID in (1, 3, 4, 6, 16, 25):
                record.string = f"FiveFilms{name.title().replace('-', '')}"
        font.flavor = "woff2"
        font.save(FONTS / f"{name}.woff2")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
