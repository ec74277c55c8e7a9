-- Workers on their way in who would be the second head of a cell.
-- In:  temporary table incoming (line, code, cells (object: cell code → role; null: not told))
-- Out: line, cell_code, code of the worker who stays head; one row per line, by line
-- Why: the schema has one head per cell at a time and would refuse the whole file. Heads whose own row in the file takes
--      the cell from them make room.
WITH wanted AS (
    SELECT i.line, i.code, told.key AS cell_code
    FROM incoming i CROSS JOIN LATERAL jsonb_each_text(i.cells) AS told
    WHERE told.value = 'head'
), standing AS (
    SELECT a.cell_code, w.code, 0 AS line
    FROM assignment a JOIN worker w ON w.id = a.worker_id
    WHERE a.role = 'head' AND upper_inf(a.during)
      AND NOT EXISTS (SELECT FROM incoming i WHERE i.code = w.code AND i.cells IS NOT NULL)
    UNION ALL SELECT cell_code, code, line FROM wanted
)
SELECT DISTINCT ON (wanted.line) wanted.line, wanted.cell_code, standing.code
FROM wanted JOIN standing ON standing.cell_code = wanted.cell_code AND standing.code <> wanted.code AND standing.line < wanted.line
ORDER BY wanted.line, standing.line
