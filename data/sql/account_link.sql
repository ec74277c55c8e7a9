-- Let an account sign in through the city's provider as somebody, or, with null, no more.
-- In:  account_id, subject (`<issuer> <subject>`)      Out: id; no row when another account does
UPDATE account SET oidc_subject = %(subject)s
WHERE id = %(account_id)s AND NOT EXISTS (SELECT FROM account WHERE oidc_subject = %(subject)s AND id <> %(account_id)s)
RETURNING id
