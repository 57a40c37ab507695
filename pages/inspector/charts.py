"""The Plotly chart of the Inspector page."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from pages.parts.charts import cut, lay_out, without_markup
from pages.parts.wording import _
from recsys.models.comparison import RANKED

# The accent colour, with enough contrast to text in both themes.
_LAST, _FIRST = "rgba(181, 71, 42, 0.03)", "rgba(181, 71, 42, 0.6)"


def rank_matrix(ranks: pd.DataFrame, names: pd.Series) -> go.Figure:
    """Draw the rank of each film (rows) in each model's list (columns), dark for the first.

    Parameters
    ----------
    ranks : DataFrame
        As from `recsys.models.comparison.ranks`.
    names : Series
        The films' names, in the order of the rows.

    Returns
    -------
    Figure
    """
    depth = 1 - np.log(ranks.astype("float64")) / np.log(RANKED)
    figure = go.Figure(
        go.Heatmap(
            z=depth,
            x=list(range(ranks.shape[1])),
            y=list(range(len(ranks))),
            text=ranks.astype("string").fillna("–"),
            texttemplate="%{text}",
            colorscale=[[0, _LAST], [1, _FIRST]],
            zmin=0,
            zmax=1,
            showscale=False,
            xgap=2,
            ygap=2,
            hovertemplate=_("%{y}, %{x}: rank %{text}<extra></extra>"),
        )
    )
    figure.update_xaxes(
        side="top",
        tickvals=list(range(ranks.shape[1])),
        ticktext=[_(name) for name in ranks.columns],
    )
    figure.update_yaxes(
        tickvals=list(range(len(ranks))),
        ticktext=list(cut(without_markup(names))),
        autorange="reversed",
    )
    figure.update_xaxes(showgrid=False, zeroline=False)
    figure.update_yaxes(showgrid=False, zeroline=False)
    return lay_out(figure, height=90 + 26 * len(ranks))
