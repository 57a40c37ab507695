"""Models as arrays, and how arrays become ranked lists with reasons. Serving needs numpy alone."""
