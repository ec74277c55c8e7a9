-- One account by its name, to be judged by what it signs in with. At the door alone: elsewhere there is no row.
-- In:  account (its name, lower case)      Out: all of the row; no row when there is none
SELECT id, name, password_since, must_change_password, locked_at, locked_by, created_at, created_by,
       totp_since, totp_step, oidc_subject, is_demo, secret.password_hash, secret.totp_sealed
FROM account, account_secrets(account.id) AS secret WHERE name = %(account)s
