-- Ask for a table of people's data.
-- In:  what, area, wanted (JSON), reason, account, actor      Out: one row: id
INSERT INTO personal_export (what, area_code, wanted, reason, asked_by, asked_as)
VALUES (%(what)s, %(area)s, %(wanted)s, %(reason)s, %(account)s, %(actor)s)
RETURNING id
