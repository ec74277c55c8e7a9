-- Versions of the ground that an edition of cells speaks of, whatever their days.
-- In:  temporary tables incoming (code, …) and standing (empty); %(digits)s: how much of a code is the community;
--      %(kept)s: codes of rows that were refused
-- Out: standing (id, code, name, valid_from, valid_to)
-- Why: an edition is the whole layer of the communities that its codes lie in, and says nothing of the others.
INSERT INTO standing (id, code, name, valid_from, valid_to)
SELECT c.id, c.code, c.name, c.valid_from, c.valid_to
FROM cell c
WHERE c.community_code IN (
    SELECT left(code, %(digits)s) FROM incoming UNION SELECT left(code, %(digits)s) FROM unnest(%(kept)s::text[]) AS code
)
