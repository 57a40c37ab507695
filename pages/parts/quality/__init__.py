"""The parts of the Quality page, all of them filled by evaluation runs."""
