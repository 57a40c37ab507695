"""The Walkthrough: its story, its steps, and what it shows."""
