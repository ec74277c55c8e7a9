-- Store the versions of areas, cells or facilities that are new or changed.
-- In:  temporary table incoming as compared; {table}; {columns}: what a version holds; {fixed}: the code and what it keeps for
--      good; {day}: from which new ones hold; {turn}: on which others change; {until}: on which new ones end, null for open
-- Out: a changed version of that day is amended; one of an earlier day is closed and followed by a new one; one that is the same
--      later holds from that day on. No version reaches into the next one of its code.
-- Why: run only when something changed, because statements that touch no row count as a change of ground too.
UPDATE {table} v SET
    ({columns}) = ROW({given}),
    valid_from = CASE WHEN EXISTS (SELECT FROM {table} w
                                   WHERE w.code = v.code AND w.valid_from < v.valid_from AND w.valid_to > {day})
                      THEN v.valid_from ELSE least(v.valid_from, {day}::date) END
FROM incoming i
WHERE i.change = 'updated' AND v.id = i.old_id AND v.valid_from >= {turn};

UPDATE incoming i SET ends_on = v.valid_to FROM {table} v WHERE i.change = 'updated' AND v.id = i.old_id;

UPDATE {table} v SET valid_to = {turn}
FROM incoming i
WHERE i.change = 'updated' AND v.id = i.old_id AND v.valid_from < {turn};

UPDATE {table} v SET valid_from = {day}
FROM incoming i
WHERE i.change = 'extended' AND v.id = i.old_id;

INSERT INTO {table} ({fixed}, {columns}, valid_from, valid_to)
SELECT {given_fixed}, {given},
       CASE WHEN i.change = 'updated'
              OR EXISTS (SELECT FROM {table} w WHERE w.code = i.code AND w.valid_from < {turn} AND w.valid_to > {day})
            THEN {turn}::date ELSE {day}::date END,
       least({until}::date, i.ends_on,
             (SELECT min(w.valid_from) FROM {table} w
              WHERE w.code = i.code AND w.valid_from >= {turn} AND w.valid_to IS DISTINCT FROM w.valid_from))
FROM incoming i
WHERE i.change = 'stored'
   OR i.change = 'updated' AND EXISTS (SELECT FROM {table} v WHERE v.id = i.old_id AND v.valid_to = {turn} AND v.valid_from < {turn})
ORDER BY i.line;
