"""Titles for display."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.loading.titles import read_title


@pytest.mark.parametrize(
    ("raw", "title", "year"),
    [
        ("Interview, The (2014)", "The Interview", 2014),
        ("Interview, The", "The Interview", None),
        ("Misérables, Les (1995)", "Les Misérables", 1995),
        ("American in Paris, An (1951)", "An American in Paris", 1951),
        ("Avventura, L' (Adventure, The) (1960)", "L'Avventura (The Adventure)", 1960),
        ("Vitelloni, I (1953)", "I Vitelloni", 1953),
        ("Divo, Il (2008)", "Il Divo", 2008),
        ("Baader Meinhof Komplex, Der (2008)", "Der Baader Meinhof Komplex", 2008),
        ("Quatrilho, O (1995)", "O Quatrilho", 1995),
        ("Seal, The (Sjunde inseglet, Det) (1957)", "The Seal (Det Sjunde inseglet)", 1957),
        (
            "City of Lost Children, The (Cité des enfants perdus, La) (1995)",
            "The City of Lost Children (La Cité des enfants perdus)",
            1995,
        ),
        (
            "Dream of Light (a.k.a. Quince Tree Sun, The) (Sol del membrillo, El) (1992)",
            "Dream of Light (a.k.a. The Quince Tree Sun) (El Sol del membrillo)",
            1992,
        ),
        ("Good, the Bad and the Ugly, The (1966)", "The Good, the Bad and the Ugly", 1966),
        ("Nightmare 3: Dream Warriors, A", "A Nightmare 3: Dream Warriors", None),
        ("Crow, The: Wicked Prayer (2005)", "The Crow: Wicked Prayer", 2005),
        ("Seven (a.k.a. Se7en) (1995)", "Seven (a.k.a. Se7en)", 1995),
        ("Fawlty Towers (1975-1979)", "Fawlty Towers", 1975),
        ("Death Note: Desu nôto (2006–2007)", "Death Note: Desu nôto", 2006),
        ("The Series (2015-)", "The Series", 2015),
        ("Blind Side, The  (2009) ", "The Blind Side", 2009),
        ("(500) Days of Summer (2009)", "(500) Days of Summer", 2009),
        ("9 (2009)", "9", 2009),
        ("2001: A Space Odyssey (1968)", "2001: A Space Odyssey", 1968),
        ("1984 (1956)", "1984", 1956),
        ("Babylon 5", "Babylon 5", None),
        ("Paris, Texas (1984)", "Paris, Texas", 1984),
        ("Live and Let Die (1973)", "Live and Let Die", 1973),
        ("Oh, God! (1977)", "Oh, God!", 1977),
        ("Foo (Bar (x))", "Foo (Bar (x))", None),
        ("(1995)", "(1995)", None),
        ("The", "The", None),
        (", The", ", The", None),
        ("Too early (1869)", "Too early (1869)", None),
        ("Too late (2101)", "Too late (2101)", None),
        ("  ", "", None),
    ],
)  # fmt: skip
def test_examples(raw: str, title: str, year: int | None) -> None:
    assert read_title(raw) == (title, year)


@pytest.mark.parametrize(
    "title",
    ['it\'s "quoted"', "<script>alert(1)</script>", "🎬 é", "\u202eegap", "a\\Nb\\", "a\tb"],
)
def test_other_titles_are_unchanged(title: str) -> None:
    assert read_title(f"{title} (1999)") == (title, 1999)


_PIECES = st.sampled_from(
    ["(", ")", ", ", "The", "L'", ": ", "a.k.a. ", "1995", "-", " ", "(1999)"]
)


@given(st.one_of(st.text(), st.lists(_PIECES).map("".join)))
def test_any_text_gives_a_title(raw: str) -> None:
    title, year = read_title(raw)
    assert bool(title) == bool(raw.strip())
    assert title == title.strip()
    assert year is None or 1870 <= year <= 2100


@given(st.integers(1870, 2100), st.from_regex("[A-Za-z0-9]{1,20}", fullmatch=True))
def test_year_at_the_end_is_read(year: int, name: str) -> None:
    assert read_title(f"{name}, The ({year})") == (f"The {name}", year)
