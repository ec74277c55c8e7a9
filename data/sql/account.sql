-- One account by its name, without what it signs in with.
-- In:  account (its name, lower case)      Out: all of the row that the web may read; no row when there is none
SELECT id, name, password_since, must_change_password, locked_at, locked_by, created_at, created_by,
       totp_since, totp_step, oidc_subject, is_demo
FROM account WHERE name = %(account)s
