"""What is measured beside what, in one run on one machine; `make bench` prints the table."""
