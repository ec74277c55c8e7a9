-- Correct an element that is still as its reader saw it, or take it off the list. What is not told stays.
-- In:  id, seq, told (names of the members that are told), title, label, note, x, y, is_gone, actor, and name, phone, home in their
--      three forms
-- Out: one row: seq; none when it was changed since
UPDATE element SET
    seq = seq + 1, changed_by = %(actor)s, changed_at = now(), confirmed_at = now(),
    ended_at = CASE WHEN %(is_gone)s THEN now() END,
    title = CASE WHEN 'title' = ANY (%(told)s::text[]) THEN %(title)s ELSE title END,
    label = CASE WHEN 'label' = ANY (%(told)s::text[]) THEN %(label)s ELSE label END,
    note = CASE WHEN 'note' = ANY (%(told)s::text[]) THEN %(note)s ELSE note END,
    geom = CASE WHEN 'point' = ANY (%(told)s::text[]) THEN ST_SetSRID(ST_MakePoint(%(x)s::float8, %(y)s::float8), 4490) ELSE geom END,
    name = CASE WHEN 'name' = ANY (%(told)s::text[]) THEN %(name)s ELSE name END,
    name_sealed = CASE WHEN 'name' = ANY (%(told)s::text[]) THEN %(name_sealed)s::bytea ELSE name_sealed END,
    name_digests = CASE WHEN 'name' = ANY (%(told)s::text[]) THEN %(name_digests)s::bytea[] ELSE name_digests END,
    phone = CASE WHEN 'phone' = ANY (%(told)s::text[]) THEN %(phone)s ELSE phone END,
    phone_sealed = CASE WHEN 'phone' = ANY (%(told)s::text[]) THEN %(phone_sealed)s::bytea ELSE phone_sealed END,
    phone_digests = CASE WHEN 'phone' = ANY (%(told)s::text[]) THEN %(phone_digests)s::bytea[] ELSE phone_digests END,
    home = CASE WHEN 'home' = ANY (%(told)s::text[]) THEN %(home)s ELSE home END,
    home_sealed = CASE WHEN 'home' = ANY (%(told)s::text[]) THEN %(home_sealed)s::bytea ELSE home_sealed END,
    home_digests = CASE WHEN 'home' = ANY (%(told)s::text[]) THEN %(home_digests)s::bytea[] ELSE home_digests END
WHERE id = %(id)s AND seq = %(seq)s AND ended_at IS NULL
RETURNING seq
