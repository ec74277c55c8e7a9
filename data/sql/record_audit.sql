-- Add a line to the audit.
-- In:  action, subject, detail (jsonb), reason, account (null: whom the transaction was told of)
INSERT INTO audit_line (action, subject, detail, reason, account)
VALUES (%(action)s, %(subject)s, %(detail)s, %(reason)s, coalesce(%(account)s, nullif(current_setting('wangge.account', true), '')))
