"""Accounts: passwords, sessions, demo accounts, and the adapter to streamlit-authenticator."""
