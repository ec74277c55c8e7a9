"""The database into files: read in batches, place, write beside, rename. Stored is EPSG:4490; a file is in what was asked for.

layers.py    what can be taken away, how it is read, and by what it can be narrowed
places.py    in which coordinates: CGCS2000, WGS84, GCJ-02, BD-09, the city's zone or any other system
batches.py   rows of a cursor as Arrow tables and shapes, a few thousand at a time
formats.py   which formats there are, what each can hold, and who writes it
run.py       one layer into one file, from end to end

What an import reads is what is written: data.imports.returning knows the columns that only these files have.
"""
