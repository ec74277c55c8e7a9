"""What imports say about files and rows, in the reader's language. They say it in English: each is one of these with its values."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from web.i18n import translate

SOURCE = "en"
OF_ROWS = (
    "no code", "is not {0} digits", "was rounded by a spreadsheet: have the column as text there",
    "has no county in its first six digits", "is a district's code, not a street's",
    "is a community's code, not a street's", "has no street in digits 7 to 9", "is a street's code, no community's",
    "comes twice; first on line {0}", "is missing", "is longer than {0} characters", "lies more than {0} days ahead",
    "lies in the future", "is missing, but the case is said to be closed",
    "was imported before with another content, which stays", "is not the unit that the code lies in: {0}",
    "is not the community that the code lies in: {0}", "ended on {0}: this file is of an older state",
    "the community {0} ended on {1}", "had ended and comes back", "the unit above, {0}, is not known on that day",
    "has neither a code nor a name", "no unit of this name is known", "several units have this name: {0}",
    "no unit of this name is known, nor the code of the unit above it", "no provisional code is left below {0}",
    "its code is provisional", "there is no such community", "there is no community {0}", "there is no cell {0}", "{0} is no role",
    "a share is not above 0 and at most 1", "cell {0} has a head already: worker {1}",
    "facility {0} serves {1}, which ends", "lies {0} m from {1}, of the same level", "the floor area is not recorded",
    "a floor area of less than {0} or more than {1} m² can't be", "is not a whole number from 0", "is "
    "not a number from 0",
    "is not a number above 0", "is not a number", "is not a whole number of 64 bits",
    "is no longitude", "is no latitude", "is no POINT in WKT", "is neither yes nor no",
    "is no day such as 2027-01-01", "is no date and time that is known here",
    "is no area class: new or old_city (新建改建区, 旧城文保区)", "is no kind of cell: ordinary or dedicated (基础网格, 专属网格)",
    "is no level: district_centre, street_centre or station", "is neither full_time nor part_time (专职, 兼职)",
    "is no role: head, worker or substitute (网格长, 网格员, 替补)",
    "is no channel: grid_worker, hotline, resident, video, superior or system", "is no good node of {0}",
    "can't be read as WKT", "one of the two coordinates is missing", "is not a pair of coordinates",
    "has no coordinates, and no unit of this code is known", "a coordinate is not a finite number",
    "outside -180..180 and -90..90 degrees", "outside -180..180 and -90..90 degrees; are longitude and "
    "latitude swapped?",
    "0, 0 stands for a missing place", "no geometry", "is a {0}, not a {1}",
    "has {0} vertices, at most {1} are taken (WANGGE_IMPORT_SHAPE_VERTICES)",
    "its {0} vertices can't be judged within {1} s (WANGGE_IMPORT_SHAPE_S): simplify it",
    "its {0} vertices can't be judged within {1} MB (WANGGE_IMPORT_MEMORY_MB): simplify it",
    "mended it has {0} vertices, at most {1} are taken", "{0} fields, the header has {1}", "contains a NUL character",
    "{0} vertices repeat the one before", "a part of {0} m² is only {1} m wide", "shares {0} m² with {1}",
    "{0} m² of {1} belong to nobody", "{0} m² lie outside the unit above, {1}", "{0} m² lie outside its unit, {1}",
    "its point lies {0} m outside the unit above, {1}", "its point lies {0} m outside its unit, {1}",
    "{0} % of the cell lie outside its community", "{0} m² lie in the community {1}",
    "has {0} households, the units below it {1} in all", "has {0} households, the {1} homes in it {2} in all",
    "no home is known in it", "lies in no community", "Self-intersection[{0}]", "Ring Self-intersection[{0}]",
    "Hole lies outside shell[{0}]", "Holes are nested[{0}]", "Interior is disconnected[{0}]", "Nested shells[{0}]",
    "Duplicate Rings[{0}]", "Too few points in geometry component[{0}]", "Invalid Coordinate[{0}]",
    "Ring is not closed[{0}]", "can't be mended: {0}",
)  # fmt: skip
"""What checks say about rows."""
OF_FILES = (
    "{0} is empty", "{0} has no rows", "there is no file {0}", "{0} can't be read: {1}",
    "{0} is in no format that is known here", "{0} is a RAR archive: unpack it, or pack it anew as ZIP",
    "{0} is a 7-Zip archive: unpack it, or pack it anew as ZIP",
    "{0} is a PDF: ask for the table or the layer that it was made from", "{0} is a picture",
    "{0} is a MapInfo table: export it as GeoPackage, or as a shapefile with all its parts in one ZIP",
    "{0} is a DWG drawing: export it as DXF or GeoPackage and give its layer a CRS",
    "{0} is a web page: perhaps a login page was saved instead of the file",
    "{0} is XML, but neither KML, GraphML nor OpenStreetMap's",
    "{0} is a part of a shapefile: give its .shp, or all its parts as a ZIP",
    "{0}: {1} must lie beside it; pack all parts of a shapefile into one ZIP", "{0} (its attributes)",
    "{0} (its index)", "{0} is a broken archive: {1}", "{0} is broken: {1}", "{0} can't be unpacked: {1}",
    "{0} holds {1} files, at most {2} are unpacked", "{0} names a file outside of itself: {1}",
    "{0} holds a link instead of a file: {1}", "{0} is encrypted: unpack it with its password first",
    "{0} is encrypted: save it without a password",
    "{0} is larger than {1} MB when unpacked (WANGGE_IMPORT_UNPACKED_MB)", "{0} is packed more than {1} times",
    "{0} holds no file that can be read here",
    "{0} holds no file that can be read here, but archives again: unpack it and give one of {1}",
    "{0} holds {1} of them: choose one with --layer ({2})", "{0} has {1} layers: choose one with --layer ({2})",
    "{0} has {1} sheets: choose one with --layer ({2})", "{0} has no layer {1}, but {2}",
    "{0} has no sheet {1}, but {2}", "{0} holds no layer",
    "{0} tells of {1} features, but ends after {2}: it is cut off", "{0} has two columns named {1}",
    "{0} can't be read as a workbook: {1}", "{0} can't be read as Parquet: {1}",
    "{0} can't be read as Parquet after row {1}: {2}", "{0} can't be read as GraphML: {1}",
    "{0}: node {1} has no coordinates x and y", "{0} can't be read as an extract of OpenStreetMap: {1}",
    "{0} can't be read as XML: {1}", "{0}, line {1}, column {2}: {3}", "{0}: {1} elements within each other",
    "{0} declares a document type or entities, which are not followed: remove its <!DOCTYPE …>",
    "{0} can't be read as {1}: {2}", "{0} needs more than {1} MB to be read (WANGGE_IMPORT_MEMORY_MB)",
    "{0} takes about {1} MB to be looked at as a whole, at most {2} are allowed (WANGGE_IMPORT_MEMORY_MB): "
    "bring it in parts, a street or a district each",
    "{0} needs more than {1} MB to be imported (WANGGE_IMPORT_MEMORY_MB)",
    "{0} is a list in JSON, no GeoJSON: save it as a table (CSV, XLSX) or as a FeatureCollection",
    "{0} can't be read: its reader ended for want of memory, or broke down on it (WANGGE_IMPORT_MEMORY_MB {1})",
    "{0} can't be read after row {1}: its reader ended for want of memory, or broke down on it "
    "(WANGGE_IMPORT_MEMORY_MB {2})",
    "{0} can't be read: its reader broke down on it ({1})",
    "{0} can't be read after row {1}: its reader broke down on it ({2})",
    "{0}: nothing could be read for {1} s (WANGGE_IMPORT_PATIENCE_S)",
    "{0} after row {1}: nothing could be read for {2} s (WANGGE_IMPORT_PATIENCE_S)",
    "{0} polygons could not be judged in {1} s (WANGGE_IMPORT_PATIENCE_S)",
    "{0}, line {1}: a field or line is longer than {2} characters", "{0}, line {1}: {2}",
    "{0} is not {1}: line {2} can't be read", "{0} is neither UTF-8 nor GBK (line {1} can't be read): give --encoding",
    "unknown encoding {0}", "unknown time zone {0}",
    "{0}: no column for {1}; name it with --map {2}=COLUMN (columns: {3})",
    "--map {0}={1}: no such field; fields are {2}", "--map {0}={1}: the file has no such column, but {2}",
    "{0} {1}: write field=UNIT", "{0} {1}: write field=COLUMN", "--unit {0}={1}: only {2} have a unit",
    "--unit {0}={1}: no such unit; units are {2}",
    "column {0} names no unit and half of its values are below {1}, which is unusual for {2}: say {3}, or "
    "--insist if they are right",
    "half of the lengths are below {0} times that of their line: say {1}, or --insist if they are right",
    "no columns for the place: name them with --map lon=COLUMN --map lat=COLUMN, or --map wkt=COLUMN",
    "the coordinates of the file lie around {0}, {1}, which {2} does not have, but has the other way round: "
    "say --swap if longitude (or easting) and latitude (or northing) are swapped",
    "the coordinates of the file lie around {0}, {1}, which {2} does not have: say in which CRS they are with --crs EPSG:N",
    "the coordinates are no degrees and the file does not say its CRS: give --crs EPSG:N",
    "the coordinates are no degrees and the file does not say its CRS: give --crs EPSG:N; their eastings begin "
    "like those of {0}",
    "the dates in {0} have the day first in some parts of the file and the month first in others: write them as "
    "2026-02-15",
    "read as {0}, {1} of {2} rows lie in {3}; as {4} it would be {5}: say --datum {6}, or --insist if they are right",
    "read as {0}, {1} of {2} rows lie in {3}; with longitude and latitude swapped it would be {4}: say "
    "--swap, or --insist if they are right",
    "a street", "their unit", "their unit ({0} in any)", "{0} ({1} in any)", "unknown CRS {0}", "unknown datum {0}: one of {1}",
    "{0} is shifted in degrees, but the coordinates are in {1}", "{0} {1} is outside -{2}..{3} degrees",
    "the layer does not say which coordinate system it is in", "{0} is no known coordinate system",
    "lengths can't be measured in {0}; use the city's zone", "--under {0}: a {1}'s code is composed below {2} digits",
    "--edition {0}: a later edition of this ground is stored, and {1} units would be added, {2} changed, {3} "
    "closed below it; editions go in by their days",
    "--edition closes what the file does not name, but the codes of lines {0} can't be told: correct them, or "
    "import without --edition",
    "--edition {0} has not come yet, and the network has no versions",
    "--edition {0}: a later edition of the network is stored", "{0} have no editions: import without --edition",
    "only incidents have a history, not {0}", "unknown kind {0}: one of {1}",
    "the header is row {0}; {1} above it left out", "two columns are named {0}: the later one is called {1}",
    "read {0} out of {1}", "read layer {0}, the only one of {1}s among {2}",
    "read sheet {0}, which has the most known columns of {1} sheets",
    "{0} has no .prj: nothing says which CRS its coordinates are in", "{0} has no .cpg: read as {1}",
    "{0} is not {1}, as the .cpg says: read as {2}", "{0} is in {1}: multiplied by {2}",
    "{0} holds latitude before longitude", "rows without coordinates were placed by the code in {0}: {1}",
    "codes are looked up by names for {0}, not for {1}",
    "the file has codes of its own, in {0}: none was looked up",
    "neither codes nor names: name a column with --map code=COLUMN or --map name=COLUMN",
    "the file has no codes: {0} found by their names, {1} provisional, {2} unknown",
    "{0} by their district", "{0} by their street", "{0} by their community", "{0} by their cell",
    "{0} by their residence", "the rows say in their column {0} that they are in {1}",
    "converted from {0} to within {1} m",
    "no exact conversion from {0} is known here: places may lie a hundred metres off", "{0} is empty or not whole",
    "the body ends before its files are whole", "the body is longer than its files", "two of the files have one name",
    "of several files each needs its size, and none may be empty", "{0} is not there any more: bring it again",
    "the file was checked with other options meanwhile: look at that report",
    "the ground has changed since the check: check again", "the file of import {0} is not kept", "no upload {0}",
    "upload {0} is {1}", "reading this file ended its process again and again",
    "the server failed; its log has the reason", "File is not a zip file", "Bad CRC-32 for file {0}",
    "not well-formed (invalid token)", "mismatched tag", "no element found", "unclosed token",
)  # fmt: skip
"""Why a file is refused as a whole, what was decided about it, the parts of such sentences, and what libraries say most often."""
SENTENCES = OF_ROWS + OF_FILES
"""Keys of the catalogues."""
PLACE = re.compile(r"\\\{\d\\\}")
BETWEEN = re.compile(r"(, | and )")
"""What stands between the parts of a list."""
VALUE = re.compile(r"\{\d\}")
REMEMBERED = 1 << 14
Pattern = tuple[str, str, re.Pattern[str]]


@lru_cache(maxsize=REMEMBERED)
def in_language(language: str, text: str) -> str:
    """The sentence `text` in `language`; one that is none of `SENTENCES` stays as it is.

    A value that is itself such sentences is put into `language` too.
    """
    found = None if language == SOURCE else _matched(text)
    if found is None:
        return text
    key, values = found
    return translate(language, key).format(*(_value(language, value) for value in values))


def is_known(text: str) -> bool:
    return _matched(text) is not None


def _value(language: str, text: str) -> str:
    parts = BETWEEN.split(text)[::2]
    if all(map(is_known, parts)):
        return ", ".join(in_language(language, part) for part in parts)
    return text


def _matched(text: str) -> tuple[str, tuple[str, ...]] | None:
    for key, longest, pattern in _patterns():
        if longest in text and (found := pattern.fullmatch(text)):
            return key, found.groups()
    return None


@cache
def _patterns() -> tuple[Pattern, ...]:
    """Those with the most words of their own first, so that a value never swallows what another sentence says.

    The second of each is its longest part that is no value: looked for first, for most sentences are none of most patterns.
    """
    ordered = sorted(SENTENCES, key=lambda key: len(PLACE.sub("", re.escape(key))), reverse=True)
    return tuple(
        (key, max(VALUE.split(key), key=len), re.compile(PLACE.sub("(.+?)", re.escape(key)), re.DOTALL))
        for key in ordered
    )
