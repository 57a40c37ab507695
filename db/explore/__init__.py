"""The statistics of the Ratings page, through its filters, from small views."""
