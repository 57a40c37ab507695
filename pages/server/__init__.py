"""Limits and guards around Streamlit's server: addresses, messages, uploads, widget states."""
