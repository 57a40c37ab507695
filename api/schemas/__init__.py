"""What handles take and answer, a file for each kind of thing."""
