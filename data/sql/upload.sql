-- In:  id      Out: the upload, and whether the ground is still the one that it was checked on
SELECT upload.*, ground = (SELECT revision FROM ground_revision) AS is_ground_same FROM upload WHERE id = %(id)s
