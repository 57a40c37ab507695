"""The views of the Ratings page, the filters that apply to all of them, and their files."""
