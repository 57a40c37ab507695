"""The map of films: what is on it, who is on it, and what is said where there is none."""

import pandas as pd
import plotly.graph_objects as go
import pytest
from streamlit.testing.v1 import AppTest

from pages.parts.map_chart import COLOURS, OTHER, film_map, legend, main_genres, with_main_genre
from startup import Application
from tests.pages.conftest import links, log_in

pytestmark = pytest.mark.data_layer


def _alt(page: AppTest) -> str:
    assert not page.exception
    (chart,) = page.get("plotly_chart")
    return str(chart.proto.alt)


def test_a_model_without_a_map_says_what_to_do(visitor: AppTest) -> None:
    visitor.switch_page("map").run()
    assert not visitor.exception
    assert "The current model has no map" in visitor.info[0].value
    assert visitor.code[0].value == "python -m recsys train"


def test_a_stranger_sees_films_and_is_nowhere(drawn: Application, visitor: AppTest) -> None:
    visitor.switch_page("map").run()
    assert _alt(visitor) == "A map of 12 films, by their main genre."
    assert "**Only nearness counts**" in "".join(each.value for each in visitor.markdown)
    assert "Rate a film on any page to see yourself on the map." in [
        each.value for each in visitor.caption
    ]


def test_who_has_rated_stands_among_what_they_like(drawn: Application, visitor: AppTest) -> None:
    log_in(visitor)
    visitor.switch_page("map").run()
    assert "liked and ringed: 5; You: among the films listed below" in _alt(visitor)
    assert [each.value for each in visitor.subheader] == ["Nearest to you"]
    assert len(links(visitor)) == 10


def test_finding_films_on_it(drawn: Application, visitor: AppTest) -> None:
    visitor.query_params["find_film"] = "alien"
    visitor.switch_page("map").run()
    assert "found and marked: 2" in _alt(visitor)
    assert any("Aliens" in title for title in links(visitor))
    visitor.text_input(key="find_film").set_value("zzzzqqq").run()
    assert not visitor.exception
    assert "No film has a title like that" in visitor.info[0].value


FILMS = pd.DataFrame(
    {
        "movie_id": [1, 2, 3],
        "x": [0.0, 1.0, -1.0],
        "y": [0.0, 1.0, 0.5],
        "title": ["A <b>", "B", "C"],
        "genres": ["Drama", "Comedy", "no genres listed"],
        "genre_names": [["Drama"], ["Comedy", "Drama"], []],
        "likes": [100, 25, 0],
    }
)


def _figure(**marked: list[int]) -> go.Figure:
    marks: dict[str, list[int]] = {"liked": [], "five": [], "found": [], **marked}
    return film_map(
        with_main_genre(FILMS),
        liked=marks["liked"],
        five=marks["five"],
        found=marks["found"],
        person=(0.5, 0.5),
        called="You",
        theme="light",
    )


def test_each_main_genre_is_a_trace_and_areas_grow_with_likes() -> None:
    figure = _figure()
    assert [trace.name for trace in figure.data] == ["Comedy", "Drama", OTHER, "You"]
    smallest, largest = (figure.data[place].marker.size[0] for place in (2, 1))
    middle = figure.data[0].marker.size[0]
    assert (middle - smallest) / (largest - smallest) == pytest.approx(0.5)
    assert figure.data[1].hovertext[0] == "A ‹b›<br>Drama"


def test_what_is_marked_has_its_place_in_the_list() -> None:
    figure = _figure(liked=[1], five=[3, 2], found=[2])
    marks = {trace.name: trace for trace in figure.data[3:]}
    assert list(marks) == ["Liked", "The five", "Found", "You"]
    assert list(marks["The five"].customdata) == [2, 3]
    assert list(marks["The five"].text) == ["<b>2</b>", "<b>1</b>"]


def test_genres_beyond_the_commonest_are_other() -> None:
    names = [[f"Genre {each}"] for each in range(9) for _ in range(9 - each)]
    films = with_main_genre(pd.DataFrame({"genre_names": names}))
    assert len(main_genres(films["genre"])) == len(COLOURS) + 1
    assert main_genres(films["genre"])[-1] == OTHER


def test_names_have_room_and_the_first_of_them_on_a_phone_too() -> None:
    """Films in one row: the best known has its name, those under it have no room for theirs."""
    films = pd.DataFrame(
        {
            "movie_id": range(40),
            "x": [each / 39 * 2 - 1 for each in range(40)],
            "y": 0.0,
            "title": [f"Film number {each} (1999)" for each in range(40)],
            "genres": "Drama",
            "genre_names": [["Drama"]] * 40,
            "likes": range(40, 0, -1),
        }
    )
    films.loc[3, "title"] = "A" * 40
    figure = film_map(
        with_main_genre(films),
        liked=[],
        five=[],
        found=[],
        person=None,
        called="You",
        theme="light",
    )
    names = [each.text for each in figure.layout.annotations]
    assert "Film number 0" not in names, "it would stand out of the map"
    numbers = [int(name.split()[-1]) for name in names]
    assert numbers == [4, 16, 29, 9, 21, 34], "the first three have room where the map is narrow"
    assert legend(figure).count("<li>") == 1
