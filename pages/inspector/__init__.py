"""The Inspector page and its parts."""
