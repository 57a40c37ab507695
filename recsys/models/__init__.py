"""Models as arrays, and ranked lists with reasons computed from them. Serving needs only numpy."""
