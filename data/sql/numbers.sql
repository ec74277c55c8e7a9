-- Numbers that rules use, as they hold today.
-- In:  names, today      Out: name, value
SELECT name, value FROM parameter WHERE name = ANY (%(names)s) AND daterange(valid_from, valid_to) @> %(today)s::date
