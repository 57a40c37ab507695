"""The parts of the Inspector page."""
