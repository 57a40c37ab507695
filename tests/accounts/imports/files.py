"""Tiny files in the formats of three services."""

import io
import zipfile

HEADER = "Date,Name,Year,Letterboxd URI,Rating\n"
LETTERBOXD = f"""\
{HEADER}\
2023-04-01,Heat,1995,https://boxd.it/2a1m,4.5
2023-04-02,"Crouching Tiger, Hidden Dragon",2000,https://boxd.it/29qk,0.5
"""
IMDB = """\
Const,Your Rating,Date Rated,Title,Original Title,URL,Title Type,IMDb Rating,Runtime (mins),\
Year,Genres,Num Votes,Release Date,Directors
tt0113277,9,2020-01-31,Heat,Heat,https://www.imdb.com/title/tt0113277/,Movie,8.3,170,1995,\
"Action, Crime, Drama",700000,1995-12-15,Michael Mann
tt0211915,10,2020-02-01,Amélie,Le fabuleux destin d'Amélie Poulain,\
https://www.imdb.com/title/tt0211915/,Movie,8.3,122,2001,"Comedy, Romance",800000,2001-04-25,\
Jean-Pierre Jeunet
tt0903747,1,2020-02-02,Breaking Bad,Breaking Bad,https://www.imdb.com/title/tt0903747/,\
TV Series,9.5,45,2008,"Crime, Drama",2000000,2008-01-20,
"""
MOVIELENS = """\
movie_id,imdb_id,tmdb_id,rating,average_rating,title
6,113277,949,4.5,3.85,Heat (1995)
2571,0133093,603,5.0,4.16,"Matrix, The (1999)"
"""
DATA_SET = """\
userId,movieId,rating,timestamp
1,6,4.0,964982224
1,47,5.0,964983815
"""


def zipped(files: dict[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Build a zip with these files; always the same bytes, because test ids contain them."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, compression)
    return buffer.getvalue()
