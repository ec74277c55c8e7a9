"""What layers and formats are called. Nothing heavy is imported here: the command line shows them before it does anything."""

from __future__ import annotations

from enum import StrEnum


class LayerName(StrEnum):
    """What can be taken away; `data.exports.layers.LAYERS` says how."""

    STREETS = "streets"
    COMMUNITIES = "communities"
    CELLS = "cells"
    FACILITIES = "facilities"
    NETWORK = "network"
    NODES = "nodes"
    RESIDENCES = "residences"
    WORKERS = "workers"
    INCIDENTS = "incidents"
    CASES = "cases"
    SERVICE_AREAS = "service-areas"
    LANDMARKS = "landmarks"
    CALENDAR = "calendar"


class FormatName(StrEnum):
    """In what; `data.exports.formats.FORMATS` says how."""

    GEOJSON = "geojson"
    GEOJSONL = "geojsonl"
    GPKG = "gpkg"
    SHAPEFILE = "shapefile"
    PARQUET = "parquet"
    FGB = "fgb"
    KML = "kml"
    CSV = "csv"
    XLSX = "xlsx"
