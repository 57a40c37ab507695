"""A client of TMDb's API: what it says of a film, and its pictures. It stores nothing of films."""
