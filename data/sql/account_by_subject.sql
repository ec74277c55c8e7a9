-- The account that signs in through the city's provider as somebody.
-- In:  subject (`<issuer> <subject>`)      Out: all of the row that the web may read; no row when there is none
SELECT id, name, password_since, must_change_password, locked_at, locked_by, created_at, created_by,
       totp_since, totp_step, oidc_subject, is_demo
FROM account WHERE oidc_subject = %(subject)s
