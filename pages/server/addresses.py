"""What an address says counts, whatever page was there before and whatever language it is in.

Streamlit leaves out what the page that is left has in its address by the same name (three pages
have a `genre`), and knows choices by the words of this run's language alone.
"""

from collections.abc import Collection, Sequence

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state.query_params import QueryParams

_populate = QueryParams.populate_from_query_string


def keep_all() -> None:
    """Have Streamlit take all that an address says, from now on."""
    QueryParams.populate_from_query_string = _populate_all  # type: ignore[method-assign]


def say(key: str, words: Sequence[str]) -> None:
    """Have a widget, about to be made, take these words for what the address says."""
    context = get_script_run_ctx()
    if context is not None:
        with context.session_state.query_params() as params:
            params._initial_query_params[key] = list(words)


def _populate_all(
    self: QueryParams, query_string: str, valid_script_hashes: Collection[str] | None = None
) -> None:
    if valid_script_hashes is not None:  # another page comes, with widgets of its own
        for binding in list(self._bindings_by_param.values()):
            self.unbind_widget(binding.widget_id)
    _populate(self, query_string)
