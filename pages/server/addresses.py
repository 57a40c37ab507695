"""Query parameters that survive a change of page and of language.

Streamlit drops parameters of the same name when the page changes (three pages
have a `genre`), and knows choices only by this run's language.
"""

from collections.abc import Collection, Sequence

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state.query_params import QueryParams

_populate = QueryParams.populate_from_query_string


def keep_all() -> None:
    """Make Streamlit keep all parameters of an address from now on."""
    QueryParams.populate_from_query_string = _populate_all  # type: ignore[method-assign]


def say(key: str, words: Sequence[str]) -> None:
    """Set what the address says for a widget that is about to be created."""
    context = get_script_run_ctx()
    if context is not None:
        with context.session_state.query_params() as params:
            params._initial_query_params[key] = list(words)


def _populate_all(
    self: QueryParams, query_string: str, valid_script_hashes: Collection[str] | None = None
) -> None:
    if valid_script_hashes is not None:  # another page follows, with its own widgets
        for binding in list(self._bindings_by_param.values()):
            self.unbind_widget(binding.widget_id)
    _populate(self, query_string)
