"""Where a film can be seen, in the country that somebody has chosen."""

import streamlit as st

from db.queries import tmdb, users
from db.queries.movies import Movie
from i18n.language import Language, country_names
from pages.parts import guard, identity, keeping
from pages.parts.text import plain
from pages.parts.wording import N_, _, spoken
from startup import Services
from tmdb.film import Kind

COUNTRY = "country"

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


def _ask(services: Services) -> str:
    names = country_names(spoken())
    usual = _kept(services) or _USUAL[spoken()]
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
