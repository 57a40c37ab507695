"""Where a film can be seen, in the country that somebody has chosen, and a filter by that.

In the address, the filter is written as in the API: `?stream_in=US`.
"""

import streamlit as st

from db.queries import tmdb, users
from db.queries.movies import Movie
from i18n.language import Language, country_names
from pages.parts import guard, identity, keeping
from pages.parts.choice import follow_address
from pages.parts.text import plain
from pages.parts.wording import N_, _, spoken
from startup import Services
from tmdb.film import Kind

COUNTRY, STREAM_IN = "country", "stream_in"

_USUAL: dict[Language, str] = {"en": "US", "ru": "RU"}
_LABELS: dict[Kind, str] = {
    "stream": N_("Stream: {names}"),
    "rent": N_("Rent: {names}"),
    "buy": N_("Buy: {names}"),
}


def show(services: Services, film: Movie) -> None:
    """Ask for the country, and show where the film can be seen there."""
    with st.container(key="watching"):
        st.subheader(_("Where to see it"))
        country = _ask(services)
        with services.engine.connect() as connection:
            offers = tmdb.offers(connection, film.id, country)
        for kind, label in _LABELS.items():
            names = dict.fromkeys(plain(each.provider) for each in offers if each.kind == kind)
            if names:
                st.markdown(_(label).format(names=", ".join(names)))
        if not offers:
            st.markdown(_("No offers in this country are known."))
        # TMDb asks to name where its offers come from.
        st.caption(_("Source: [JustWatch](https://www.justwatch.com)"))


def ask_for_streams(services: Services) -> str | None:
    """Ask whether films must stream in one's country, or in that of the address; return it."""
    if services.tmdb is None:
        return None
    names = country_names(spoken())
    named = st.query_params.get(STREAM_IN, "")
    is_on = named in names
    country = named if is_on else _usual(services)
    follow_address(STREAM_IN, is_on)
    chosen = st.toggle(
        _("Only films that can be streamed ({country})").format(country=names[country]),
        value=is_on,
        key=STREAM_IN,
        on_change=guard.callback(_choose_streams, country),
    )
    return country if chosen else None


def clear() -> None:
    """Switch the filter off."""
    st.query_params.pop(STREAM_IN, None)


def _choose_streams(country: str) -> None:
    if st.session_state[STREAM_IN]:
        st.query_params[STREAM_IN] = country
    else:
        clear()


def _usual(services: Services) -> str:
    return _kept(services) or _USUAL[spoken()]


def _ask(services: Services) -> str:
    names = country_names(spoken())
    usual = _usual(services)
    return str(
        st.selectbox(
            _("Country"),
            list(names),
            index=list(names).index(usual) if usual in names else 0,
            format_func=names.__getitem__,
            key=COUNTRY,
            label_visibility="collapsed",
            on_change=guard.callback(_choose, services),
            width=280,
        )
    )


def _kept(services: Services) -> str | None:
    user = identity.current_user()
    return identity.guest_ratings(services, user).country if user is None else user.country


def _choose(services: Services) -> None:
    chosen: str = st.session_state[COUNTRY]
    keeping.keep(
        services,
        "a country",
        for_visitor=lambda visitor: services.guests.put_country(visitor, chosen),
        for_user=lambda connection, user_id: users.set_country(connection, user_id, chosen),
    )
