-- End a grant from today on; what it was before stays on record.
-- In:  account_id, id, by      Out: id, office, actor, account (its name); no row when it has ended already or is another's
UPDATE account_grant SET valid_to = greatest(valid_from, current_date), revoked_by = %(by)s
WHERE id = %(id)s AND account_id = %(account_id)s AND (valid_to IS NULL OR valid_to > current_date)
RETURNING id, office, actor, (SELECT name FROM account WHERE id = account_id) AS account
