"""The Operations page; each of its views is computed only when it is opened."""
