"""The worker's round and his cell's elements on a phone: walked, visited and corrected, with signal and without."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from data import sealing
from geo.persons import Kind
from tests.browser.conftest import NOBODY_ELSE, READY_MS, System

pytestmark = pytest.mark.browser

WORKER = "worker:2"
HERE: Any = {"longitude": 116.3025, "latitude": 39.905, "accuracy": 8}
SCREEN: Any = {"width": 390, "height": 844}
NAME, NUMBER = "诸葛孔明", "13911112222"
METRE_DEG = 1 / 85_400
LANE_M = 0.0005 / METRE_DEG
"""Where the lane begins, east of HERE."""
LANE = """
    INSERT INTO street_node VALUES (71, 'SRID=4490;POINT(116.3030 39.9030)'), (72, 'SRID=4490;POINT(116.3033 39.9030)');
    INSERT INTO street_edge (external_id, source_id, target_id, kind, name, length_m, geom)
    VALUES ('lane', 71, 72, 'residential', '短巷', 25.6, 'SRID=4490;LINESTRING(116.3030 39.9030, 116.3033 39.9030)');
    INSERT INTO visit_place (cell_code, kind, name, every_days, listed_on, last_at, geom) VALUES
    ('110199001001001', 'shop', '液化气站', 3, '2020-01-01', now() - interval '9 days', 'SRID=4490;POINT(116.3025 39.9051)'),
    ('110199001001001', 'site', '工地', 14, '2020-01-01', now() - interval '2 days', 'SRID=4490;POINT(116.3045 39.9051)');
"""
ELEMENT = """
    INSERT INTO element (kind, cell_code, label, note, changed_by, name, name_sealed, name_digests,
                         phone, phone_sealed, phone_digests)
    VALUES ('people', '110199001001001', '独居老人', '<b>每周</b>', 'x', %(name)s, %(name_sealed)s, %(name_digests)s,
            %(phone)s, %(phone_sealed)s, %(phone_digests)s)
"""


@pytest.fixture(scope="module", autouse=True)
def ground(system: System) -> Iterator[None]:
    person = sealing.seal(Kind.NAME, NAME).columns("name") | sealing.seal(Kind.PHONE, NUMBER).columns("phone")
    with psycopg.connect(system.database_url) as line:
        line.execute(LANE)
        line.execute(ELEMENT, person)
    yield
    with psycopg.connect(system.database_url) as line:
        for table in ("element", "check_in", "visit_place", "duty", "street_walked"):
            line.execute(f"DELETE FROM {table}")  # type: ignore[arg-type]
        line.execute("DELETE FROM street_edge WHERE external_id = 'lane'")
        line.execute("DELETE FROM street_node WHERE id IN (71, 72)")


class Phone:
    """A browser whose storage outlives it; `context` is there while it runs."""

    def __init__(self, chromium: Browser, system: System, folder: Path) -> None:
        self.chromium, self.system, self.folder = chromium, system, folder
        self.context = self.start()

    def start(self) -> BrowserContext:
        started = self.chromium.browser_type.launch_persistent_context(
            self.folder,
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", NOBODY_ELSE],
            viewport=SCREEN,
            is_mobile=True,
            has_touch=True,
            geolocation=HERE,
            permissions=["geolocation"],
        )
        started.add_cookies(self.system.cookies(WORKER))
        return started

    def restart(self) -> None:
        self.context.close()
        self.context = self.start()

    def stand(self, east_m: float = 0, **place: float) -> None:
        self.context.set_geolocation({**HERE, **place, "longitude": HERE["longitude"] + east_m * METRE_DEG})

    def open(self, name: str) -> Page:
        page = self.context.pages[0]
        page.goto("about:blank")
        page.goto(f"{self.system.address}/work?lang=en#{name}")
        page.wait_for_selector("body.ready", timeout=READY_MS)
        return page


@pytest.fixture(scope="module")
def phone(chromium: Browser, system: System, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Phone]:
    made = Phone(chromium, system, tmp_path_factory.mktemp("rounds"))
    yield made
    made.context.close()


def rows(system: System, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(system.database_url) as line:
        return line.execute(query).fetchall()  # type: ignore[arg-type]


def test_who_walks_on_duty_sees_his_share_and_no_position_of_his_is_stored(phone: Phone, system: System) -> None:
    page = phone.open("patrol")
    page.get_by_role("button", name="Begin duty").click()
    expect(page.locator("#duty")).to_have_text("End duty")
    for metres in (0, 13, 26):
        phone.stand(LANE_M + metres, latitude=39.9030, accuracy=6)
        page.wait_for_timeout(5_200)
    page.get_by_role("button", name="End duty").click()
    expect(page.locator("#duty")).to_have_text("Begin duty")
    expect(page.locator(".share .number").first).not_to_have_text("0%")
    expect(page.locator(".sketch .is-today")).not_to_have_attribute("d", "")
    walked = rows(system, "SELECT name, worker_id FROM street_walked JOIN street_edge ON id = edge_id")
    assert walked == [("短巷", 2)]
    squares = rows(system, "SELECT lon FROM duty_track")
    assert squares and not any(
        abs(lon - 116.3030 - metres * METRE_DEG) < 1e-6 for (lon,) in squares for metres in (0, 13, 26)
    )
    assert rows(system, "SELECT count(*) FROM duty WHERE ended_at IS NOT NULL") == [(1,)]


def test_a_visit_too_far_away_is_told_at_once_and_not_kept(phone: Phone) -> None:
    page = phone.open("patrol")
    phone.stand(512)
    expect(page.locator(".place-far").first).to_have_text(re.compile("^51[0-9] m$"))
    page.locator(".is-visit").first.click()
    expect(page.locator("#dialog .problem")).to_contain_text("at most 58 m")
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#to-pending")).to_be_hidden()


def test_a_visit_without_signal_survives_the_phone_and_counts_once(phone: Phone, system: System) -> None:
    page = phone.open("patrol")
    expect(page.locator(".place").first).to_contain_text("6 days overdue")
    phone.stand()
    phone.context.set_offline(True)
    expect(page.locator(".place-far").first).to_have_text(re.compile("^1[0-2] m$"))
    page.locator(".is-visit").first.click()
    expect(page.locator(".place").last).to_contain_text("Waiting to be sent")
    phone.restart()
    page = phone.open("patrol")
    expect(page.locator("[data-place]").last).to_contain_text("工地")
    expect(page.locator("#to-pending")).to_be_hidden()
    visits = rows(
        system, "SELECT name, worker_id, distance_m < 15 FROM check_in JOIN visit_place ON visit_place.id = place_id"
    )
    assert visits == [("液化气站", 2, True)]
    expect(page.locator(".place").first).to_contain_text("Due in 3 days")


def test_elements_are_found_masked_and_shown_whole_on_record(phone: Phone, system: System) -> None:
    page = phone.open("elements")
    page.locator("#search").fill("孔明")
    entry = page.locator("[data-element]")
    expect(entry).to_have_count(1)
    expect(entry).to_contain_text("诸*")
    assert not {"孔明", NUMBER} & set(page.locator("main").inner_text().split())
    entry.click()
    expect(page.locator("#dialog")).to_contain_text("<b>每周</b>")
    page.get_by_role("button", name="Show whole").click()
    page.locator(".choice").first.click()
    expect(page.locator("#dialog h2")).to_have_text(NAME)
    expect(page.locator("#dialog a[href^='tel:']")).to_have_attribute("href", f"tel:{NUMBER}")
    assert rows(system, "SELECT actor FROM audit_line WHERE action = 'unmask' AND subject LIKE 'element:%'") == [
        (WORKER,)
    ]
    page.get_by_role("button", name="Close").click()


def test_who_was_slower_keeps_what_he_wrote_and_may_put_it_into_the_new_one(phone: Phone, system: System) -> None:
    page = phone.open("elements")
    page.locator("[data-element]").click()
    page.get_by_role("button", name="Correct").click()
    with psycopg.connect(system.database_url) as line:
        line.execute("UPDATE element SET seq = seq + 1, label = '高龄老人'")
    page.locator("[name=note]").fill("每日")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Look").click()
    expect(page.locator(".pending-item")).to_contain_text("Somebody was faster")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".pending-item")).to_have_count(0)
    assert rows(system, "SELECT label, note, seq, name FROM element") == [("高龄老人", "每日", 3, "诸*")]


def test_without_signal_something_new_waits_and_is_added_once(phone: Phone, system: System) -> None:
    page = phone.open("elements")
    expect(page.locator("[data-element]")).to_have_count(1)
    phone.context.set_offline(True)
    page.get_by_role("button", name="Add to the list").click()
    page.locator("[name=kind]").select_option("organisations")
    page.locator("[name=title]").fill("便民店")
    page.locator("[name=here]").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#to-pending")).to_contain_text("1")
    phone.context.set_offline(False)
    expect(page.locator("[data-element]")).to_have_count(2)
    found = rows(system, "SELECT title, round(ST_X(geom)::numeric, 4)::float FROM element WHERE kind = 'organisations'")
    assert found == [("便民店", HERE["longitude"])]
