"""Accounts: who may sign in, with what, in which offices and on which ground, and the sessions that are open."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.dialects.postgresql import ARRAY, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base, Now, RowId, UnitCode, Valid
from data.models.personal import kept_plain, secret
from geo.offices import ADMINISTRATORS, GRANTABLE

NAME_PATTERN = r"^[a-z0-9\u4e00-\u9fff][a-z0-9\u4e00-\u9fff._@-]{1,63}$"
"""Lower case, so that there is one way to write a name."""
ADMINS = f"({', '.join(repr(str(office)) for office in sorted(ADMINISTRATORS))})"
OFFICES = f"({', '.join(repr(str(office)) for office in GRANTABLE)})"
TOTP = "second factor"
"""As what its secret is sealed."""
SESSIONS = "From where somebody has signed in, so that he knows his own sessions"
DIGEST = LargeBinary(32)
"""SHA-256 of something drawn at random; what was drawn is nowhere kept."""


class Account(Base):
    """Somebody who may sign in. Never deleted, so that its name means one person for ever; locked instead."""

    __tablename__ = "account"
    __table_args__ = (CheckConstraint("name = lower(name)", name="lower_case"),)

    id: Mapped[RowId]
    name: Mapped[str] = mapped_column(String(64), unique=True, info=kept_plain("Who signs in, and answers for it"))
    password_hash: Mapped[str | None]
    """Argon2; null: signs in through the city's own provider only."""
    password_since: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    must_change_password: Mapped[bool] = mapped_column(server_default=text("true"))
    locked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """By an administrator, until he unlocks it; for what failures cost see `SignInCount`."""
    locked_by: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[Now]
    created_by: Mapped[str | None] = mapped_column(String(64))
    """Name of an account; null: the command line."""
    totp_sealed: Mapped[bytes | None] = mapped_column(info=secret(TOTP))
    """The secret that the device shares, sealed by `data.sealing`."""
    totp_since: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """Null with a secret: enrolment has begun, but no code was shown yet."""
    totp_step: Mapped[int | None] = mapped_column(BigInteger)
    """The 30 seconds, counted from 1970, of the last code taken: no code is taken twice."""
    oidc_subject: Mapped[str | None] = mapped_column(String(300), unique=True)
    """`<issuer> <subject>` at the city's provider."""
    is_demo: Mapped[bool] = mapped_column(server_default=text("false"))
    """Anybody may sign in with one click; only a demo database has such accounts."""


class AccountGrant(Valid, Base):
    """An office that an account holds, with its ground, for a time. `actor` says as whom it acts."""

    __tablename__ = "account_grant"
    __table_args__ = (
        CheckConstraint(f"office IN {OFFICES}", name="office"),
        CheckConstraint("valid_to >= valid_from", name="validity"),
        CheckConstraint(
            f"num_nonnulls(unit_code, worker_id, agency_id, facility_id) = CASE WHEN office IN {ADMINS} THEN 0 ELSE 1 END",
            name="ground",
        ),
        CheckConstraint("cells = '{}' OR office = 'worker'", name="cells"),
        ExcludeConstraint(
            ("account_id", "="),
            ("actor", "="),
            (text("daterange(valid_from, valid_to)"), "&&"),
            name="ex_account_grant_once",
            using="gist",
        ),
        ExcludeConstraint(
            ("account_id", "="),
            (text(f"(CASE WHEN office IN {ADMINS} THEN office ELSE '' END)"), "<>"),
            (text("daterange(valid_from, valid_to)"), "&&"),
            name="ex_account_grant_separate",
            using="gist",
        ),
        Index("ix_account_grant_account_id", "account_id"),
    )

    id: Mapped[RowId]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    office: Mapped[str] = mapped_column(String(16))
    actor: Mapped[str] = mapped_column(String(40))
    unit_code: Mapped[UnitCode | None] = mapped_column(ForeignKey("unit.code"))
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("worker.id"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    facility_id: Mapped[int | None] = mapped_column(ForeignKey("facility.id"))
    cells: Mapped[list[str]] = mapped_column(ARRAY(String(20)), server_default=text("'{}'"))
    """Codes of cells to which a worker is restricted; empty: all that are his."""
    granted_by: Mapped[str | None] = mapped_column(String(64))
    granted_at: Mapped[Now]
    revoked_by: Mapped[str | None] = mapped_column(String(64))


class AccountPassword(Base):
    """A password that an account had before, so that it does not come back too soon."""

    __tablename__ = "account_password"
    __table_args__ = (Index("ix_account_password_account_id", "account_id", "id"),)

    id: Mapped[RowId]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    password_hash: Mapped[str]
    replaced_at: Mapped[Now]


class AccountRecovery(Base):
    """A code that takes the second factor's place once."""

    __tablename__ = "account_recovery"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(DIGEST, primary_key=True)
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class AccountSession(Base):
    """Somebody who has signed in somewhere, until he signs out, rests too long, or `expires_at`."""

    __tablename__ = "account_session"
    __table_args__ = (Index("ix_account_session_open", "account_id", postgresql_where=text("ended_at IS NULL")),)

    id: Mapped[RowId]
    digest: Mapped[bytes] = mapped_column(DIGEST, unique=True)
    """Of the token; a stolen table opens nothing."""
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    has_second_factor: Mapped[bool] = mapped_column(server_default=text("false"))
    opened_at: Mapped[Now]
    seen_at: Mapped[Now]
    """To a minute."""
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    address: Mapped[str | None] = mapped_column(String(64), info=kept_plain(SESSIONS, days="account_session"))
    browser: Mapped[str | None] = mapped_column(String(200), info=kept_plain(SESSIONS, days="account_session"))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_by: Mapped[str | None] = mapped_column(String(64))


class SignInCount(Base):
    """How often signing in has failed lately, by the name that was tried or by the address that tried; both as SHA-256."""

    __tablename__ = "sign_in_count"

    key: Mapped[bytes] = mapped_column(DIGEST, primary_key=True)
    failures: Mapped[int]
    since: Mapped[Now]


class RequestCount(Base):
    """How often somebody called in a window of time, by a digest of the limit's name and his account or address."""

    __tablename__ = "request_count"

    key: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    since: Mapped[int] = mapped_column(BigInteger)
    """The window, as seconds since 1970 from `since` to `ends`."""
    ends: Mapped[int] = mapped_column(BigInteger)
    calls: Mapped[int] = mapped_column(BigInteger)
