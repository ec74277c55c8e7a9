-- The account that signs in through the city's provider as somebody.
-- In:  subject (`<issuer> <subject>`)      Out: all of the row; no row when there is none
SELECT id, name, password_hash, password_since, must_change_password, locked_at, locked_by, created_at, created_by,
       totp_sealed, totp_since, totp_step, oidc_subject, is_demo
FROM account WHERE oidc_subject = %(subject)s
