-- In:  worker_id, since (a day)      Out: day, edge_id
SELECT day, edge_id FROM street_walked WHERE worker_id = %(worker_id)s AND day >= %(since)s
