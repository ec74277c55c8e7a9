-- Lock cases that were sent back since they last went up and that go up now: too often, or by everybody.
-- In:  returns, limit      Out: id
SELECT c.id
FROM case_file AS c LEFT JOIN unit AS desk ON desk.code = c.desk_code
WHERE c.level <> 'district' AND c.state IN ('dispatched', 'handling') AND c.returns > c.returns_before
  AND (c.returns - c.returns_before >= %(returns)s
       OR (c.state = 'dispatched' AND c.refused_by IS NOT NULL AND desk.level IS NOT NULL
           AND array_position(ARRAY['cell', 'community', 'street', 'district', 'city'], desk.level::text)
               > array_position(ARRAY['cell', 'community', 'street', 'district'], c.level::text)))
ORDER BY c.id LIMIT %(limit)s FOR UPDATE OF c SKIP LOCKED
