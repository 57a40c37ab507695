"""The little that the theme can't say: how a film card is set."""

import streamlit as st

_STYLE = """
<style>
.poster {display: block; width: 100%; aspect-ratio: 4 / 3; border-radius: 0.45rem;}
.poster.large {margin-top: 1rem;}
.film {line-height: 1.3; overflow-wrap: anywhere;}
[class*="st-key-title-"] a, [class*="st-key-title-"] a:hover {padding: 0; min-height: 0;
    background: none;}
[class*="st-key-title-"] a:hover {text-decoration: underline;}
[class*="st-key-title-"] a p {font-size: 1.02rem; font-weight: 650; line-height: 1.25;
    white-space: normal;}
[class*="st-key-say-"] {row-gap: 0.25rem;}
[class*="st-key-say-"] button {min-height: 1.8rem; padding-block: 0;}
/* Icons with their names for screen readers alone; the tooltip shows them. */
[class*="st-key-mark-"] button p {position: absolute; width: 1px; height: 1px; overflow: hidden;
    clip-path: inset(50%);}
.film p {font-size: 0.86rem; margin: 0.15rem 0;}
.film .why {font-style: italic; margin-top: 0.5rem;}
.film .quiet {opacity: 0.8;}
.film .genres {display: flex; flex-wrap: wrap; gap: 0.25rem; margin: 0.4rem 0;}
.film .genres span {font-size: 0.74rem; padding: 0.05rem 0.45rem; border-radius: 1rem;
    border: 1px solid color-mix(in srgb, currentColor 30%, transparent);}
/* Captions and what is chosen among pills, in sliders: Streamlit's are too faint to read. */
[data-testid="stCaptionContainer"] {opacity: 0.85;}
button[data-selected="true"] p, [data-testid="stSliderThumbValue"] p {color: ACCENT;}
/* The five, and the skeleton that stands for them while they are computed; pills and fields have
   their height before they are drawn. */
.st-key-list {position: relative;}
.st-key-list:has(> [data-testid="stElementContainer"] [data-testid="stSkeleton"]) {
    min-height: 26rem;}
.st-key-list > [data-testid="stElementContainer"]:has([data-testid="stSkeleton"]) {
    position: absolute; inset: 0; z-index: 1;}
.st-key-five [data-testid="stGridCell"] {min-height: 26rem;}
.st-key-genre {min-height: 6rem;}
.st-key-typed {min-height: 4.25rem;}
@media (max-width: 40rem) {
    .st-key-list:has(> [data-testid="stElementContainer"] [data-testid="stSkeleton"]) {
        min-height: 84rem;}
    .st-key-five [data-testid="stGridCell"] {min-height: 28rem;}
    .st-key-genre {min-height: 12.75rem;}
}
/* What stands below a view of the Ratings page does not jump while it loads. */
.st-key-totals {min-height: 6.75rem;}
@media (max-width: 40rem) {.st-key-totals {min-height: 14.5rem;}}
.st-key-figures {min-height: 40rem; position: relative;}
.st-key-figures > [data-testid="stElementContainer"]:has([data-testid="stSkeleton"]) {
    position: absolute; inset: 0; z-index: 1;}
/* Our own download says what it holds; the table's does not. */
.st-key-figures [data-testid="stElementToolbar"] [aria-label^="Download as CSV"] {display: none;}
/* Streamlit sets charts' axes in a grey that is too light to read. */
.js-plotly-plot :is(.xtick, .ytick, .x2tick, .y2tick, .infolayer, .heatmap-label) text {
    fill: currentColor !important;}
/* streamlit-authenticator's cookie manager: unused, invisible, but it takes a row. */
[data-testid="stElementContainer"]:has(iframe[title^="extra_streamlit_components"]) {display: none;}
</style>
"""


# Readable on the theme's grounds, where the dark theme's primary colour is one for white text.
_ACCENT = {"light": "#a63419", "dark": "#ff9d80"}


def apply() -> None:
    """Put the style on the page."""
    st.html(_STYLE.replace("ACCENT", _ACCENT[st.context.theme.type or "light"]))
