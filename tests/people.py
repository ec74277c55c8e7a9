"""The workers of tests/api/district.sql with whole names and numbers, sealed as the product seals them."""

from __future__ import annotations

from typing import Any

import psycopg

from data import sealing
from geo.persons import Kind

WORKERS = {"W1": ("张三丰", "13800000001"), "W2": ("李四", "13800000002"), "W3": ("王五", "13800000003")}
NAME = """
    UPDATE worker SET name = %(name)s, name_sealed = %(name_sealed)s, name_digests = %(name_digests)s,
                      phone = %(phone)s, phone_sealed = %(phone_sealed)s, phone_digests = %(phone_digests)s
    WHERE code = %(code)s
"""


def name_workers(line: psycopg.Connection[Any]) -> None:
    for code, (name, phone) in WORKERS.items():
        told = sealing.seal(Kind.NAME, name).columns("name") | sealing.seal(Kind.PHONE, phone).columns("phone")
        line.execute(NAME, told | {"code": code})
