"""For you: five films for anyone who opens the page."""
