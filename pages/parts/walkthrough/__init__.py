"""The Walkthrough's parts: what is told, what is done, what is shown of it."""
