"""The figures of the Ratings page, through its filters, from views that stay small."""
