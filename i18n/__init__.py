"""Languages: translated texts, and how numbers and dates are written."""
