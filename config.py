"""Every setting, once. Each can come from the environment or from a file `.env`."""

import re
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import (
    AliasChoices,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from addresses import database_url, mail_server, origin, proxies, site


class Settings(BaseSettings):
    """Settings for operators; docs/settings.md is tested against these fields."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        hide_input_in_errors=True,  # a URL contains a password
        populate_by_name=True,
    )

    host: str = Field(
        "127.0.0.1",
        description="Address to listen at; `0.0.0.0` (IPv4) and `::` (IPv6 too) let other machines "
        "in",
    )
    port: int = Field(8501, ge=1, le=65535, description="Port to listen at")

    database_url: str | None = Field(
        None, description="PostgreSQL 15 or newer; absent: an embedded PostgreSQL in `DATA_DIR`"
    )
    redis_url: str | None = Field(
        None, description="Redis or Valkey; absent: an embedded Valkey in `DATA_DIR`"
    )
    data_dir: Path = Field(
        Path(".data"), description="Folder of the embedded servers and of the keys"
    )
    dataset: str = Field(
        "demo", description="What an empty database is filled with: `demo`, a folder or a zip"
    )
    demo_accounts: bool | None = Field(
        None,
        description="Test accounts for the raters of the demo set; absent: on with the embedded "
        "database and under Docker Compose while nobody outside is let in, else off",
    )
    published_at: str | None = Field(
        None,
        description="Where a container's port is published, as in 127.0.0.1:8501 (set by Docker "
        "Compose); tells whether this machine alone is let in",
    )
    session_days: int = Field(30, ge=1, le=365, description="Days until a login ends by itself")
    inspect_registered: bool = Field(
        False,
        description="Whether analysts see people who registered here in the Inspector, by number; "
        "demo accounts never do",
    )
    figures_minutes: int = Field(
        60,
        ge=0,
        description="Minutes between two looks at whether people's ratings have changed and the "
        "figures are to be computed again; 0: only after a data set is loaded",
    )
    retrain_hours: float = Field(
        24,
        ge=0,
        description="Hours between two looks at whether the model is stale and is to be trained "
        "again; 0: only when somebody asks for it",
    )
    public_url: str | None = Field(
        None,
        description="Address that people type, without a path; https makes the cookies Secure, and "
        "pages of other names are let in no more",
    )
    trusted_proxies: str = Field(
        "127.0.0.1",
        validation_alias=AliasChoices("trusted_proxies", "forwarded_allow_ips"),
        description="Proxies that are believed when they say where a request comes from "
        "(X-Forwarded-For): addresses and networks, separated by commas; `FORWARDED_ALLOW_IPS` is "
        "another name of it",
    )
    ratings_per_minute: int = Field(
        120,
        ge=0,
        description="How often a person may rate, and ten times as often all at one address, in "
        "each process; 0: without limit",
    )
    requests_per_minute: int = Field(
        6000,
        ge=0,
        description="Requests per minute that one address may send to the API, in each process; "
        "health checks are not counted; 0: without limit",
    )
    cors_origins: str | None = Field(
        None,
        description="Sites whose pages may call the API from a browser, with tokens: origins such "
        "as https://films.example.org, separated by commas; absent: none",
    )
    metrics_token: SecretStr | None = Field(
        None,
        description="Token that `/metrics` requires as `Authorization: Bearer …`, at least 16 "
        "characters; absent: anybody may read it",
    )
    smtp_url: SecretStr | None = Field(
        None,
        description="Mail server for links to people who forgot their password: "
        "smtp://user:password@host:587 (STARTTLS) or smtps://…:465; needs `MAIL_FROM` and "
        "`PUBLIC_URL`; absent: no mail is sent, and operators set passwords",
    )
    mail_from: str | None = Field(
        None, description="Address that mails come from, as films@example.org"
    )
    tmdb_token: SecretStr | None = Field(
        None,
        description="Your key of TMDb (“API Read Access Token”): films have posters, plots, "
        "trailers and where to see them; absent: nothing of it, and no request is sent",
    )
    tmdb_api: str = Field(
        "https://api.themoviedb.org/3", description="Address of TMDb's API, which gets the key"
    )
    tmdb_images: str = Field("https://image.tmdb.org/t/p", description="Address of TMDb's pictures")
    tmdb_images_mb: int = Field(
        500,
        ge=1,
        description="Megabytes that TMDb's pictures may take in `DATA_DIR`; those that weren't "
        "shown for the longest time are removed",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Least severity that is logged"
    )
    log_format: Literal["text", "json"] = Field("text", description="Form of a log line")

    @field_validator("database_url")
    @classmethod
    def _use_psycopg(cls, url: str | None) -> str | None:
        """Accept the usual spellings and name the driver that is installed."""
        if url is None:
            return None
        database_url.read(url)
        return f"postgresql+psycopg://{url.partition('://')[2]}"

    @field_validator("redis_url")
    @classmethod
    def _check_redis(cls, url: str | None) -> str | None:
        if url is not None and urlsplit(url).scheme not in {"redis", "rediss", "unix"}:
            raise ValueError("must read redis://host:port/number (or rediss://, unix://)")
        return url

    @field_validator("public_url")
    @classmethod
    def _check_public_url(cls, url: str | None) -> str | None:
        return None if url is None else site.read(url)

    @field_validator("host")
    @classmethod
    def _check_host(cls, host: str) -> str:
        if not re.fullmatch(r"[A-Za-z0-9.:_-]+", host):
            raise ValueError("must be an address of this machine, as 127.0.0.1, 0.0.0.0 or ::")
        return host

    @field_validator("trusted_proxies")
    @classmethod
    def _check_proxies(cls, listed: str) -> str:
        return proxies.read(listed)

    @field_validator("cors_origins")
    @classmethod
    def _check_origins(cls, origins: str | None) -> str | None:
        """Write each origin as browsers do, for comparison with theirs."""
        return None if origins is None else ",".join(origin.read_all(origins))

    @field_validator("metrics_token")
    @classmethod
    def _check_token(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and not re.fullmatch(r"[!-~]{16,}", token.get_secret_value()):
            raise ValueError("must have at least 16 letters, digits or signs, and no spaces")
        return token

    @field_validator("smtp_url")
    @classmethod
    def _check_mail_server(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None:
            mail_server.read(url.get_secret_value())
        return url

    @field_validator("mail_from")
    @classmethod
    def _check_sender(cls, sender: str | None) -> str | None:
        if sender is not None and not re.fullmatch(r"[!-?A-~]{1,64}@[A-Za-z0-9.-]{1,255}", sender):
            raise ValueError("must be an email address, as films@example.org")
        return sender

    @model_validator(mode="after")
    def _check_mail(self) -> "Settings":
        """Links must not lead where a request's Host header says."""
        if self.smtp_url is not None and None in (self.mail_from, self.public_url):
            raise ValueError("SMTP_URL needs MAIL_FROM and PUBLIC_URL, which mails name")
        return self

    @field_validator("tmdb_token")
    @classmethod
    def _check_tmdb_token(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and not re.fullmatch(r"[!-~]+", token.get_secret_value()):
            raise ValueError("must have no spaces and only ASCII letters, digits and signs")
        return token

    @field_validator("tmdb_api", "tmdb_images")
    @classmethod
    def _check_address(cls, address: str) -> str:
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
            raise ValueError("must be an address, as https://api.themoviedb.org/3")
        return address.rstrip("/")

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, level: object) -> object:
        return level.upper() if isinstance(level, str) else level

    @property
    def has_demo_accounts(self) -> bool:
        """Whether the raters of the demo set may log in."""
        if self.demo_accounts is not None:
            return self.demo_accounts
        return self.database_url is None or self.is_published_here_alone

    @property
    def is_published_here_alone(self) -> bool:
        """Whether a container's port is published only on this machine, and to no proxy on it."""
        public = urlsplit(self.public_url or "http://localhost").hostname
        host = (self.published_at or "").rpartition(":")[0].strip("[]")
        return _is_this_machine(host) and _is_this_machine(public or "")

    @property
    def allowed_origins(self) -> list[str]:
        """The origins of `CORS_ORIGINS`, each as browsers send it."""
        return self.cors_origins.split(",") if self.cors_origins else []

    @property
    def sends_mail(self) -> bool:
        """Whether there is a mail server."""
        return self.smtp_url is not None

    @property
    def tmdb_folder(self) -> Path:
        """The folder of TMDb's pictures."""
        return self.data_dir / "tmdb"

    @property
    def secure_cookies(self) -> bool:
        """Whether browsers may send the cookies over https only."""
        return (self.public_url or "").startswith("https://")


def problems(error: ValidationError) -> list[str]:
    """Return a line per invalid setting, without its value, which may be a secret."""
    return [
        f"Setting {'.'.join(str(part) for part in each['loc']).upper()}: {each['msg']}"
        if each["loc"]
        else f"Settings: {each['msg']}"
        for each in error.errors(include_input=False, include_context=False)
    ]


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@cache
def settings() -> Settings:
    """Read the settings, once for each process."""
    return Settings()
