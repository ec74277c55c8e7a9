"""Notices: derived from events, each once per person, sent to a real webhook and a real mail server."""

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner

from data import moves, notices, whistles
from data.database import forget_engines
from data.dialogues import hold
from flows import notify
from flows.cli import build
from flows.notify import Sender
from flows.sweep import Sweeper
from geo.callers import Caller
from geo.cases import Wish
from geo.lifecycle import Event, Role
from geo.notices import TOLD, Habits, Pace
from tests import town
from tests.running_cases import case, change, give
from tests.webhook import Hook, mail_server, webhook

Line = psycopg.Connection[Any]
QUICK = Pace(first_s=0, attempts=4, lease_s=0.5)
PATIENCE_S = 20


@pytest.fixture(scope="module")
def settled(database_url: str) -> str:
    town.settle(database_url, town.build(13, 13))
    return database_url


@pytest.fixture
def line(settled: str) -> Iterator[Line]:
    """Afterwards nobody is told of anything."""
    with psycopg.connect(settled, autocommit=True) as opened:
        yield opened
        opened.execute("UPDATE case_file SET due_at = NULL")
        opened.execute("DELETE FROM notice")
        opened.execute("DELETE FROM notice_address")
        notices.collect(opened, 5000)


@pytest.fixture
def hook() -> Iterator[Hook]:
    with webhook() as listening:
        yield listening


def somebody(line: Line) -> str:
    """The worker who gets all cases of these tests."""
    return f"worker:{case(line, give(line, None))['worker_id']}"


def subscribe(
    line: Line, url: str, recipient: str | None = None, habits: Habits | None = None, language: str = "en"
) -> str:
    told = recipient or somebody(line)
    notices.collect(line, 5000)
    notices.add_address(line, told, url, language, habits or Habits())
    return told


def remind(line: Line, case_id: int) -> None:
    line.execute(
        "WITH c AS (UPDATE case_file SET seq = seq + 1 WHERE id = %s RETURNING *)"
        " INSERT INTO case_event (case_id, seq, event, from_state, to_state, actor)"
        " SELECT id, seq, 'remind', state, state, 'sweeper' FROM c",
        [case_id],
    )


def states(line: Line) -> list[tuple[str, int]]:
    return line.execute("SELECT state, count(*)::int FROM notice GROUP BY state ORDER BY state").fetchall()


def collect(line: Line, limit: int = 5000) -> int:
    """All that is to be told by now; how many notices there are."""
    while notices.collect(line, limit):
        pass
    return sum(count for _, count in states(line))


def test_a_breach_is_told_to_who_had_the_case_and_to_the_desk_that_gets_it(line: Line, hook: Hook) -> None:
    worker = subscribe(line, hook.url)
    subscribe(line, f"{hook.url}?desk=1", "desk:110199001001")
    late = give(line, datetime.now(UTC) - timedelta(seconds=1))
    Sweeper(line).round()
    collect(line)
    rows = line.execute("SELECT recipient, kind FROM notice WHERE case_id = %s ORDER BY 1, 2", [late]).fetchall()
    desk = "desk:110199001001"
    assert rows == [
        (desk, "escalate"), (desk, "overdue"),
        (worker, "dispatch"), (worker, "escalate"), (worker, "overdue"),
    ]  # fmt: skip
    Sender(line).drain()
    assert states(line) == [("sent", 5)]
    lines = [row for got in hook.got for row in got.body.splitlines()]
    assert sum(f"Case {late} is overdue" in row for row in lines) == 2


def test_who_has_a_double_is_told_that_it_closed_with_its_parent(line: Line, hook: Hook) -> None:
    worker = subscribe(line, hook.url)
    parent, double = give(line, None, worker_id=2, lead=None), give(line, None)
    collect(line)
    line.execute("DELETE FROM notice")
    change(line, double, parent_id=parent)
    moves.apply(line, parent, Wish(event=Event.CLOSE, reason="done"), Caller("desk:110199000000", Role.DISTRICT))
    collect(line)
    assert line.execute("SELECT case_id, recipient, kind FROM notice").fetchall() == [(double, worker, "close")]
    Sender(line).drain()
    assert [got.title for got in hook.got] == [f"Case {double} was closed with the case that it is a double of"]


def test_who_is_asked_for_help_or_called_to_the_spot_is_told(line: Line, hook: Hook) -> None:
    somewhere = give(line, None)
    line.execute("INSERT INTO agency (code, kind, name, area_code) VALUES ('D1', 'department', '局', '110199000000')")
    (agency,) = line.execute("SELECT 'agency:' || id FROM agency").fetchone() or ("",)
    notices.collect(line, 5000)
    for told in ("worker:2", agency):
        notices.add_address(line, told, f"{hook.url}?of={told}", "en", Habits())
    desk = Caller("desk:110199001000", Role.STREET)
    moves.apply(line, somewhere, Wish(event=Event.ASK_HELP, to="worker:2"), desk)
    summons = whistles.Summons(agencies=(agency,), meet_at=datetime.now(UTC) + timedelta(minutes=5))
    hold(line, whistles.call(somewhere, summons, desk))
    line.execute("UPDATE whistle_call SET due_at = now()")
    Sweeper(line).round()
    collect(line)
    assert line.execute("SELECT recipient, kind FROM notice ORDER BY id").fetchall() == [
        ("worker:2", "ask_help"),
        (agency, "whistle"),
        (agency, "miss_call"),
    ]


def test_nobody_is_told_what_he_did_himself_or_without_an_address(line: Line, hook: Hook) -> None:
    worker = subscribe(line, hook.url)
    own = give(line, None)
    line.execute(
        "INSERT INTO case_event (case_id, seq, event, to_state, actor) VALUES (%s, 3, 'overdue', 'dispatched', %s)",
        [own, worker],
    )
    collect(line)
    assert line.execute("SELECT recipient, kind FROM notice").fetchall() == [(worker, "dispatch")]


def test_what_happened_before_an_address_was_given_is_not_told(line: Line, hook: Hook) -> None:
    told = give(line, None)
    remind(line, told)
    notices.collect(line, 5000)
    subscribe(line, hook.url, f"worker:{case(line, told)['worker_id']}")
    assert collect(line) == 0
    remind(line, told)
    assert collect(line) == 1


def test_old_events_and_imported_ones_are_history(line: Line, hook: Hook) -> None:
    subscribe(line, hook.url)
    told = give(line, None)
    for seq, (actor, days) in enumerate([("import", 0), ("sweeper", 30)], start=3):
        line.execute(
            "INSERT INTO case_event (case_id, seq, event, to_state, actor, at)"
            " VALUES (%s, %s, 'remind', 'dispatched', %s, now() - make_interval(days => %s))",
            [told, seq, actor, days],
        )
    collect(line)
    assert line.execute("SELECT kind FROM notice").fetchall() == [("dispatch",)]


def test_every_event_is_read_once_in_portions_of_any_size_and_none_of_a_slow_writer_is_lost(
    line: Line, settled: str, hook: Hook
) -> None:
    subscribe(line, hook.url)
    with psycopg.connect(settled) as slow:
        remind(slow, give(slow, None))  # type: ignore[arg-type]
        for _ in range(5):
            remind(line, give(line, None))
        assert collect(line, limit=3) == 10
        slow.commit()
    for _ in range(3):
        remind(line, give(line, None))
    assert collect(line, limit=3) == 18


def test_two_collectors_write_no_notice_twice(line: Line, settled: str, hook: Hook) -> None:
    subscribe(line, hook.url)
    ids = [give(line, None) for _ in range(30)]
    for id_ in ids:
        remind(line, id_)

    def work() -> None:
        with psycopg.connect(settled, autocommit=True) as own:
            barrier.wait()
            for _ in range(60):
                notices.collect(own, 3)

    barrier = threading.Barrier(4)
    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert collect(line) == 60


def test_senders_side_by_side_send_each_notice_once(line: Line, settled: str, hook: Hook) -> None:
    told = [subscribe(line, f"{hook.url}?n={n}", f"worker:{n}") for n in range(1, 13)]
    for n in range(1, 13):
        id_ = give(line, None, worker_id=n, lead=f"worker:{n}")
        for _ in range(3):
            remind(line, id_)
    count = collect(line)
    barrier = threading.Barrier(4)

    def work() -> None:
        with psycopg.connect(settled, autocommit=True) as own:
            barrier.wait()
            Sender(own).drain()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert states(line) == [("sent", count)]
    assert len(told) * 3 <= count
    assert sum(len(got.body.splitlines()) - 1 for got in hook.got) == count
    assert len({got.key for got in hook.got}) == len(hook.got)


def test_a_sender_killed_in_the_midst_of_it_loses_nothing_and_the_double_is_known_by_its_key(
    line: Line, settled: str, hook: Hook
) -> None:
    reached = threading.Event()

    def answer(number: int) -> int:
        reached.set()
        if number == 0:
            time.sleep(2)
        return 200

    hook.answer = answer
    subscribe(line, hook.url)
    remind(line, give(line, None))
    collect(line)
    program = "from flows.notify import *; Sender(connect(autocommit=True), Pace(lease_s=0.5)).drain()"
    sender = subprocess.Popen([sys.executable, "-c", program], env=os.environ | {"WANGGE_DATABASE_URL": settled})
    assert reached.wait(PATIENCE_S)
    sender.send_signal(signal.SIGKILL)
    sender.wait()
    assert states(line) == [("sending", 2)]
    remind(line, give(line, None))
    collect(line)
    line.execute("SELECT pg_sleep(0.6)")
    Sender(line).drain()
    assert states(line) == [("sent", 4)]
    time.sleep(2)
    keys = [got.key for got in hook.got]
    assert len(keys) == 3
    first = [got for got in hook.got if keys.count(got.key) == 2]
    assert len(first) == 2 and first[0].body == first[1].body


def test_who_answers_badly_is_tried_again_with_pauses_and_given_up_at_last(
    line: Line, hook: Hook, caplog: pytest.LogCaptureFixture
) -> None:
    hook.answer = lambda number: 500 if number < 2 else 200
    subscribe(line, hook.url.replace("//", "//name:hush@"))
    remind(line, give(line, None))
    collect(line)
    with caplog.at_level(logging.DEBUG):
        Sender(line, QUICK._replace(first_s=600)).step()
    told = line.execute("SELECT state, attempts, last_error, not_before - now() FROM notice").fetchall()
    assert [row[:3] for row in told] == [("waiting", 1, "it answered 500")] * 2
    assert timedelta(minutes=7) < told[0][3] < timedelta(minutes=13)
    assert "hush" not in caplog.text and "127.0.0.1" not in caplog.text
    line.execute("UPDATE notice SET not_before = now()")
    assert Sender(line, QUICK).drain().failures == 1
    assert states(line) == [("sent", 2)]
    assert len(hook.got) == 1
    hook.answer = lambda number: 500
    remind(line, give(line, None))
    collect(line)
    assert Sender(line, QUICK).drain().failures == QUICK.attempts
    assert states(line) == [("failed", 2), ("sent", 2)]


def test_of_two_addresses_the_second_is_used_after_a_failure(line: Line, hook: Hook) -> None:
    with webhook() as broken:
        broken.answer = lambda number: 503
        worker = subscribe(line, broken.url)
        subscribe(line, hook.url, worker)
        give(line, None)
        collect(line)
        Sender(line, QUICK).drain()
        assert (broken.asked, len(hook.got)) == (1, 1)


def test_a_digest_waits_and_is_one_message(line: Line, hook: Hook) -> None:
    subscribe(line, hook.url, habits=Habits(digest_minutes=30))
    for _ in range(4):
        give(line, None)
    collect(line)
    Sender(line).drain()
    assert hook.got == []
    line.execute("UPDATE notice SET created_at = created_at - interval '30 minutes', not_before = now()")
    give(line, None)
    collect(line)
    Sender(line).drain()
    assert [got.title for got in hook.got] == ["5 messages about cases"]


def test_quiet_hours_are_kept_and_what_waited_goes_out_together(line: Line, hook: Hook) -> None:
    sender = Sender(line)
    now = datetime.now(sender.zone)
    begin, end = (now - timedelta(minutes=1)).time(), (now + timedelta(minutes=10)).time()
    worker = subscribe(line, hook.url, habits=Habits(quiet_from=begin, quiet_to=end))
    give(line, None)
    give(line, None)
    collect(line)
    sender.drain()
    (until,) = line.execute("SELECT max(not_before) FROM notice").fetchone() or (None,)
    assert hook.got == [] and until is not None
    assert until.astimezone(sender.zone).time() == end
    line.execute("UPDATE notice SET not_before = now()")
    notices.add_address(line, worker, hook.url, "zh", Habits())
    sender.drain()
    assert [got.title for got in hook.got] == ["2 条案卷通知"]


def test_a_mail_arrives_with_text_in_the_language_of_its_reader(line: Line) -> None:
    with mail_server() as (url, got):
        subscribe(line, url, language="zh")
        told = give(line, datetime(2026, 3, 2, 9, 30, tzinfo=UTC), state="suspended")
        collect(line)
        assert Sender(line).drain().messages == 1
        (mail,) = got
    assert mail.title == f"新案卷 {told}"
    assert "03-02 17:30 到期" in mail.body
    assert mail.key and mail.key in mail.body


def test_with_notices_off_nothing_is_written_or_sent_or_told_later(
    line: Line, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribe(line, hook.url)
    give(line, None)
    collect(line)
    monkeypatch.setenv("WANGGE_NOTICES", "off")
    forget_engines()
    give(line, None)
    assert (collect(line), Sender(line).drain().messages) == (1, 0)
    monkeypatch.delenv("WANGGE_NOTICES")
    forget_engines()
    assert (collect(line), Sender(line).drain().messages) == (1, 1)


@pytest.mark.parametrize(
    "url",
    [
        "wecombot://aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
        f"dingtalk://{'a' * 64}",
        f"dingtalk://secret@{'a' * 64}/13800000000",
        f"feishu://{'a' * 36}",
        "mailtos://user:password@example.org:465?mode=ssl&to=desk@example.org",
        "jsons://example.org/hook",
    ],
)
def test_the_usual_channels_are_understood(url: str) -> None:
    assert notify.instantiate(url) is not None


def command(*arguments: str) -> Any:
    result = CliRunner().invoke(build(), ["notices", *arguments, "--json"])
    if result.exception:
        raise result.exception
    return json.loads(result.stdout.splitlines()[-1])


def test_commands_store_try_and_list_addresses_without_showing_secrets(line: Line, hook: Hook) -> None:
    url = hook.url.replace("//", "//name:hush@")
    added = command("add", "--recipient", "desk:110199001001", "--url", url, "--digest", "15", "--quiet", "22:00-07:00")
    again = CliRunner().invoke(
        build(), ["notices", "add", "--recipient", "desk:110199001001", "--url", "-"], input=f"{url}\n"
    )
    assert again.exit_code == 0
    assert command("test", str(added["id"])) == {"sent": added["id"]}
    assert [got.title for got in hook.got] == ["测试消息"]
    (listed,) = command("list")["addresses"]
    assert (listed["recipient"], listed["kind"], listed["quiet_to"]) == ("desk:110199001001", "json", None)
    assert "hush" not in json.dumps(listed)
    assert command("send") == {"messages": 0, "notices": 0, "failures": 0}
    assert command("remove", str(added["id"])) == {"removed": added["id"]}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["add", "--recipient", "desk:1", "--url", "json://127.0.0.1"], "nobody is called"),
        (["add", "--recipient", "desk:110199001001", "--url", "hush://x"], "the address is not one of apprise's"),
        (["add", "--recipient", "desk:110199001001", "--url", "json://h", "--quiet", "22-7"], "are no hours"),
        (["add", "--recipient", "desk:110199001001", "--url", "json://h", "--language", "fr"], "is none of zh, en"),
        (["test", "999999"], "no address 999999"),
        (["remove", "999999"], "no address 999999"),
    ],
)
def test_wrong_addresses_are_refused_without_repeating_them(line: Line, arguments: list[str], message: str) -> None:
    with pytest.raises(Exception, match=message) as refused:
        command(*arguments)
    assert "hush" not in str(refused.value)


def test_an_address_that_does_not_answer_is_told_without_it(line: Line) -> None:
    added = command("add", "--recipient", "desk:110199001001", "--url", "json://name:hush@127.0.0.1:9/")
    with pytest.raises(Exception, match="could not be reached") as refused:
        command("test", str(added["id"]))
    assert "hush" not in str(refused.value)


def test_all_that_is_told_has_a_text(line: Line) -> None:
    rows = [
        {"case_id": 1, "kind": str(kind), "outcome": None, "category": "井盖", "category_en": "cover", "cell": None,
         "community": "社区", "community_en": None, "street": None, "street_en": None, "due_at": None}
        for kind in TOLD
    ]  # fmt: skip
    for language in ("zh", "en"):
        written = notify.texts.write(rows, language, Sender(line).zone, "wangge-1").body.splitlines()
        assert len(set(written)) == len(TOLD) + 1
