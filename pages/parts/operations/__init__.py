"""The views of the Operations page, each computed only when it is looked at."""
