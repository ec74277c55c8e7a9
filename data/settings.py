"""Every setting, read once from `WANGGE_*` in the environment. Units are in the names; docs/settings.md explains each."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, IPvAnyNetwork, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from geo import calendars
from geo.errors import BadInput, BadTime

CHECKOUT = Path(__file__).resolve().parents[1]


class Settings(BaseSettings):
    """One frozen object; `settings()` gives it. Rule numbers (350 m², 20 minutes …) are not here but in data/reference."""

    model_config = SettingsConfigDict(env_prefix="WANGGE_", frozen=True, validate_default=True)

    home: Path = Path(".wangge")
    """Private cluster, logs, rejects. A relative path starts at the checkout, wherever the command is given."""
    database_url: Annotated[str | None, Field(repr=False)] = None
    """An existing PostGIS, `postgresql://user@host:port/name`. Unset: the private cluster under `home`."""
    web_database_url: Annotated[str | None, Field(repr=False)] = None
    """The same as the role of the web, `postgresql://wangge_web@host:port/name`. Unset: the web takes that role upon connecting."""
    host: str = "127.0.0.1"
    port: int = 8000
    hosts: Annotated[tuple[str, ...], NoDecode] = ()
    """Names by which browsers may call us, without port; nothing: any."""
    trusted_proxies: Annotated[tuple[IPvAnyNetwork, ...], NoDecode] = ()
    """Addresses and networks of proxies whose word on who calls, and whether by TLS, is taken; nothing: nobody's."""
    language: str = "zh"
    """Interface language when the visitor chose none: zh or en."""
    timezone: str = "Asia/Shanghai"
    working_hours: str = "09:00-12:00,13:00-18:00"
    """Of a working day, in the city's time; `geo.calendars.parse_hours` reads them."""
    metric_srid: int = 4548
    """The city's CGCS2000 3-degree Gauss–Krüger zone; every length and area is measured in it."""
    cell_suffix_digits: int = 3
    """Digits that a cell code has after its community's 12."""
    tile_url: str | None = None
    """Base map as a tile URL with {z} {x} {y}; unset: none."""
    tile_attribution: str = ""
    tianditu_key: str | None = None
    map_review_number: str = ""
    """审图号 shown on public maps."""
    secret: Annotated[SecretStr, Field(min_length=32)] | None = None
    """By which the links of reporters are signed. Unset: drawn once and kept in the file `secret` under `home`."""
    data_keys: SecretStr | None = None
    """Keys that seal people's data, base64, separated by commas, the newest last. Unset: the file `keys/data.keys` under `home`."""
    backup_key: SecretStr | None = None
    """The passphrase of backups, where it is not given in a file."""
    wal_archive: Path | None = None
    """Where the private cluster archives its log; unset: nowhere. Absolute."""
    prefect_port: int = 4200
    shift_minutes: int = 60
    dispatch_batch_rows: int = 5000
    notices: bool = True
    """Whether people are told of what happens to their cases, where they gave an address."""
    import_memory_mb: int = 4096
    """What reading a file may take, in the process that reads it."""
    import_unpacked_mb: int = 4096
    """What an archive may hold when it is unpacked."""
    import_patience_s: int = 300
    """How long a file may give nothing to read before it is given up."""
    import_shape_vertices: int = 1_000_000
    """A shape of more is refused."""
    import_shape_s: int = 20
    """How long judging or mending one polygon may take before it is refused."""
    import_upload_mb: Annotated[int, Field(ge=1)] = 2048
    """How large a file may be that is brought in by the browser."""
    export_max_rows: int = 100_000
    """More cases are not written into one table to take away."""
    pool_max_connections: int = 16
    """Connections that one web process holds at most."""

    account_requests_per_minute: Annotated[int, Field(ge=0)] = 1200
    """More calls of one account are refused; 0: no limit."""
    address_requests_per_minute: Annotated[int, Field(ge=0)] = 6000
    """More calls from one address are refused, whoever makes them; a whole office may share one."""
    public_reports_per_hour: Annotated[int, Field(ge=0)] = 60
    """More reports from one address are refused of those who have not signed in."""
    max_connections: Annotated[int, Field(ge=10)] = 2000
    """Open at once to one web process; live streams are among them."""
    max_connections_per_address: Annotated[int, Field(ge=10)] = 500
    """A trusted proxy may have all."""

    session_idle_minutes: Annotated[int, Field(ge=1)] = 30
    """After so long a rest one signs in again."""
    session_hours: Annotated[int, Field(ge=1)] = 12
    """After so long one signs in again, busy or not."""
    password_days: Annotated[int, Field(ge=0)] = 90
    """After so many days a password is changed; 0: never."""
    password_characters: Annotated[int, Field(ge=8, le=100)] = 10
    """At least so many."""
    password_kinds: Annotated[int, Field(ge=1, le=4)] = 3
    """Of small letters, capital letters, digits and others."""
    password_history: Annotated[int, Field(ge=0, le=24)] = 5
    """So many passwords before do not come back."""
    oidc_issuer: str | None = None
    """The city's provider of OpenID Connect, as it writes itself; unset: none."""
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None
    oidc_name: str = "OpenID"
    """What the button at the door calls it."""
    lockout_failures: Annotated[int, Field(ge=1)] = 5
    """So many failures to sign in lock a name for a while."""
    lockout_address_failures: Annotated[int, Field(ge=1)] = 50
    """So many lock an address; a whole office may share one."""
    lockout_minutes: Annotated[int, Field(ge=1)] = 15

    @field_validator("home")
    @classmethod
    def _from_the_checkout(cls, home: Path) -> Path:
        return CHECKOUT / home

    @field_validator("hosts", "trusted_proxies", mode="before")
    @classmethod
    def _are_separated_by_commas(cls, given: str | tuple[str, ...]) -> tuple[str, ...]:
        parts = given.split(",") if isinstance(given, str) else given
        return tuple(part.strip().lower() for part in parts if part.strip())

    @field_validator("wal_archive")
    @classmethod
    def _is_absolute(cls, path: Path | None) -> Path | None:
        if path and not path.is_absolute():
            raise ValueError("write an absolute path")
        return path

    @field_validator("database_url", "web_database_url")
    @classmethod
    def _is_an_address(cls, url: str | None) -> str | None:
        if url and not _is_postgresql(url):
            raise ValueError("write postgresql://user:password@host:port/name")
        return url or None

    @field_validator("working_hours")
    @classmethod
    def _are_hours(cls, text: str) -> str:
        try:
            return str(calendars.parse_hours(text))
        except BadTime as error:
            raise ValueError(calendars.ALLOWED) from error


def _is_postgresql(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("postgresql", "postgres") and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


@cache
def settings() -> Settings:
    """Raises: BadInput naming the variables that are wrong; never their values, for an address may hold a password."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = (
            f"WANGGE_{str(found['loc'][0]).upper()}: {found['msg'].removeprefix('Value error, ')}"
            for found in error.errors()
        )
        raise BadInput("; ".join(wrong)) from None
