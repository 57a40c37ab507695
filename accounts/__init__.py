"""Accounts: passwords, sessions, demo accounts, the bridge to streamlit-authenticator."""
