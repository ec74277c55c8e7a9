-- Which of these there are at all, in sight or not.
-- In:  kind (case, bulk, worker), ids      Out: id
SELECT id FROM are_there(%(kind)s, %(ids)s::bigint[]) AS id
