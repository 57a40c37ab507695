"""Account: log in, register, and what a person may do with their account."""
