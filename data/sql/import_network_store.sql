-- Store the nodes and streets that are new or changed.
-- In:  temporary tables incoming_node and incoming as import_network_compare.sql leaves them
-- Out: rows of street_node and street_edge, amended in place: the network has no versions
-- Why: a node that moved takes no street along; the streets of the same file bring their own shape.
UPDATE street_node n SET geom = i.geom FROM incoming_node i WHERE i.change = 'updated' AND n.id = i.id;

INSERT INTO street_node (id, geom) SELECT id, geom FROM incoming_node WHERE change = 'stored' ORDER BY id;

UPDATE street_edge e SET
    source_id = i.source_id, target_id = i.target_id, kind = i.kind, name = i.name, length_m = i.length_m,
    is_oneway = i.is_oneway, is_walkable = i.is_walkable, geom = i.geom
FROM incoming i
WHERE i.change = 'updated' AND e.id = i.old_id;

INSERT INTO street_edge (external_id, source_id, target_id, kind, name, length_m, is_oneway, is_walkable, geom)
SELECT external_id, source_id, target_id, kind, name, length_m, is_oneway, is_walkable, geom
FROM incoming
WHERE change = 'stored'
ORDER BY line;
