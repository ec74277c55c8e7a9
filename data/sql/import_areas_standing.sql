-- Versions of the ground that an edition of streets or communities speaks of, whatever their days.
-- In:  temporary tables incoming (code, level, …) and standing (empty); %(level)s; %(digits)s: how much of a code is the unit
--      above; %(kept)s: codes of rows that were refused
-- Out: standing (id, code, name, valid_from, valid_to)
-- Why: an edition is the whole layer of the units above that its codes lie in, and says nothing of the others.
INSERT INTO standing (id, code, name, valid_from, valid_to)
SELECT a.id, a.code, a.name, a.valid_from, a.valid_to
FROM area a
WHERE a.level = %(level)s
  AND left(a.code, %(digits)s) IN (
      SELECT left(code, %(digits)s) FROM incoming UNION SELECT left(code, %(digits)s) FROM unnest(%(kept)s::text[]) AS code
  )
