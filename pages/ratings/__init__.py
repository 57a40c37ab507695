"""The Ratings page: its views, the filters that apply to all of them, and their files."""
