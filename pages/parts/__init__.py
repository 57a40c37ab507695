"""Widgets and texts that several pages share."""
