"""The Quality page and its parts, all of them filled by evaluations."""
