-- Make an account.
-- In:  account (its name, lower case), password_hash (or null), created_by, is_demo, must_change_password, oidc_subject
-- Out: id; no row when the name is taken
INSERT INTO account (name, password_hash, password_since, must_change_password, created_by, is_demo, oidc_subject)
VALUES (%(account)s, %(password_hash)s::text, CASE WHEN %(password_hash)s::text IS NOT NULL THEN now() END, %(must_change_password)s,
        %(created_by)s, %(is_demo)s, %(oidc_subject)s)
ON CONFLICT (name) DO NOTHING
RETURNING id
