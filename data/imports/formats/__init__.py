"""Formats of files, each a generator of tables: what the file says, in its own CRS and words, judged by nobody yet.

tables.py     what every format gives: rows, their lines, their shapes, how far it is
sniffing.py   which format a file is, by its first bytes; its name only decides between texts
archives.py   zip, kmz and gz, unpacked within limits
scratch.py    into a folder that does not outlive the import, however it ends
markup.py     XML read once for what must not be in it, before any library sees it
texts.py      CSV and its like; workbooks.py: XLSX, XLS, ODS; headers.py: where the header of both is
layers.py     what GDAL reads; shapefiles.py: the parts and the encoding of one; parquet.py: GeoParquet
osm.py        OpenStreetMap's streets; graphs.py: GraphML
isolation.py  a library that may crash, hang or eat memory works in a process of its own
"""
