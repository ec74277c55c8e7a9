-- From when to when the version of a cell and the edition of a rule hold.
-- In:  cell_id, rule_id (null: none)      Out: valid_from, valid_to of the cell, then of the rule
SELECT cell.valid_from, cell.valid_to, rule.valid_from, rule.valid_to
FROM (SELECT %(cell_id)s::bigint AS cell_id, %(rule_id)s::bigint AS rule_id) AS asked
LEFT JOIN cell ON cell.id = asked.cell_id LEFT JOIN handling_rule AS rule ON rule.id = asked.rule_id
