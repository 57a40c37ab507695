"""Answers in the form of TMDb's documentation, about films that don't exist."""

from typing import Any

SEVEN: dict[str, Any] = {
    "adult": False,
    "backdrop_path": "/backSeven.jpg",
    "id": 9007,
    "imdb_id": "tt0000007",
    "original_language": "en",
    "original_title": "The Seventh Lighthouse",
    "overview": "A keeper counts ships that never come.",
    "popularity": 1.5,
    "poster_path": "/posterSeven.jpg",
    "production_countries": [
        {"iso_3166_1": "NO", "name": "Norway"},
        {"iso_3166_1": "GB", "name": "United Kingdom"},
    ],
    "status": "Released",
    "tagline": "Somebody left the light on.",
    "title": "The Seventh Lighthouse",
    "images": {
        "backdrops": [{"file_path": "/other.jpg", "iso_639_1": None, "vote_average": 5.0}],
        "logos": [],
        "posters": [
            {"file_path": "/posterSevenRu.png", "iso_639_1": "ru", "vote_average": 5.2},
            {"file_path": "/posterSevenEn.jpg", "iso_639_1": "en", "vote_average": 5.1},
        ],
    },
    "videos": {
        "results": [
            {"key": "teaserEn001", "site": "YouTube", "type": "Teaser", "iso_639_1": "en"},
            {"key": "trailEnFan", "site": "YouTube", "type": "Trailer", "iso_639_1": "en"},
            {
                "key": "trailEnOwn",
                "site": "YouTube",
                "type": "Trailer",
                "iso_639_1": "en",
                "official": True,
            },
            {"key": "76979871", "site": "Vimeo", "type": "Trailer", "iso_639_1": "ru"},
            {"key": "behind0001", "site": "YouTube", "type": "Featurette", "iso_639_1": "ru"},
        ]
    },
    "translations": {
        "translations": [
            {
                "iso_3166_1": "RU",
                "iso_639_1": "ru",
                "name": "Pусский",
                "data": {
                    "overview": "Смотритель считает корабли, которых нет.",
                    "tagline": "",
                    "title": "Седьмой маяк",
                },
            }
        ]
    },
    "watch/providers": {
        "results": {
            "US": {
                "link": "https://www.themoviedb.org/movie/9007/watch?locale=US",
                "flatrate": [
                    {
                        "logo_path": "/logo.jpg",
                        "provider_id": 8,
                        "provider_name": "Northstream",
                        "display_priority": 1,
                    }
                ],
                "buy": [{"provider_id": 2, "provider_name": "Kiosk"}],
            },
            "RU": {"ads": [{"provider_id": 77, "provider_name": "Маячок"}]},
        }
    },
}
"""A film with everything."""

BARE = {"id": 9008, "title": "Nothing Known", "overview": "", "backdrop_path": None}
"""A film of which little is known."""

WRONG_KEY = {
    "status_code": 7,
    "status_message": "Invalid API key: You must be granted a valid key.",
    "success": False,
}
NOT_FOUND = {
    "success": False,
    "status_code": 34,
    "status_message": "The resource you requested could not be found.",
}
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(300)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(300)
