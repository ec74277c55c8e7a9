-- End versions that an edition no longer names.
-- In:  {table}; {day}; {ids}
-- Out: valid_to; a version that began later never held
UPDATE {table} SET valid_to = greatest(valid_from, {day}) WHERE id = ANY({ids})
