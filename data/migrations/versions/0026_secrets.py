"""What somebody signs in with is read by nobody but at the door: four functions, and the web's role reads none of the columns"""

from __future__ import annotations

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

FUNCTIONS = {
    # signature: (result, mark, body). Each does one step of signing in, and nothing away from the door.
    "account_secrets(wanted bigint)": (
        "TABLE (password_hash varchar, totp_sealed bytea)",
        "STABLE",
        "RETURN QUERY SELECT account.password_hash, account.totp_sealed FROM account\nWHERE account.id = wanted",
    ),
    "passwords_before(wanted bigint, most integer)": (
        "SETOF varchar",
        "STABLE",
        "RETURN QUERY SELECT account_password.password_hash FROM account_password\n"
        "WHERE account_id = wanted ORDER BY id DESC LIMIT most",
    ),
    "take_totp_step(wanted bigint, step bigint)": (
        "SETOF bigint",
        "VOLATILE",
        "-- Of two who show a code at the same time one is too late.\n"
        "RETURN QUERY UPDATE account SET totp_step = step, totp_since = coalesce(totp_since, now())\n"
        "WHERE account.id = wanted AND totp_sealed IS NOT NULL AND (totp_step IS NULL OR totp_step < step)\n"
        "RETURNING account.id",
    ),
    "use_recovery_code(wanted bigint, shown bytea)": (
        "SETOF bigint",
        "VOLATILE",
        "RETURN QUERY UPDATE account_recovery SET used_at = now()\n"
        "WHERE account_id = wanted AND digest = shown AND used_at IS NULL RETURNING account_id",
    ),
}
DEFINER = """
CREATE FUNCTION {signature} RETURNS {result} LANGUAGE plpgsql {mark} SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF current_setting('wangge.door', true) IS DISTINCT FROM 'on' THEN RETURN; END IF;
{body};
END $$
"""
REMEMBER = """
CREATE FUNCTION account_password_remember() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO account_password (account_id, password_hash) VALUES (OLD.id, OLD.password_hash);
    RETURN NULL;
END $$
"""
"""Whoever gives an account another password can't read the one before."""
REMEMBERED = """
CREATE TRIGGER account_password_remember AFTER UPDATE OF password_hash ON account FOR EACH ROW
WHEN (OLD.password_hash IS NOT NULL AND OLD.password_hash IS DISTINCT FROM NEW.password_hash)
EXECUTE FUNCTION account_password_remember()
"""


def upgrade() -> None:
    for signature, (result, mark, body) in FUNCTIONS.items():
        op.execute(DEFINER.format(signature=signature, result=result, mark=mark, body=body))
        op.execute(f"REVOKE EXECUTE ON FUNCTION {signature} FROM PUBLIC")
    op.execute(REMEMBER)
    op.execute(REMEMBERED)


def downgrade() -> None:
    op.execute("DROP TRIGGER account_password_remember ON account")
    op.execute("DROP FUNCTION account_password_remember()")
    for signature in FUNCTIONS:
        op.execute(f"DROP FUNCTION {signature}")
