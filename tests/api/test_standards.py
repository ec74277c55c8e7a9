"""Standards, checks and findings over HTTP."""

from __future__ import annotations

from fastapi.testclient import TestClient

from api.models import standards


def runs(client: TestClient) -> tuple[int, int]:
    latest = client.get("/api/checks/latest").json()["run"]
    return latest - 1, latest


def test_standards_are_listed_with_limits_and_source(client: TestClient) -> None:
    found = standards.StandardList.model_validate_json(client.get("/api/standards").content)
    limits = {edition.name: edition.limits for edition in found.standards}
    assert limits == {"by-area-class": {"new": 350, "old_city": 230}, "citywide": {"any": 350}}
    assert all(edition.source for edition in found.standards)


def test_the_latest_check_is_the_newest_one(client: TestClient) -> None:
    found = standards.CheckRun.model_validate_json(client.get("/api/checks/latest?standard=by-area-class").content)
    assert found.figures.model_dump() == {"checked": 4, "meets": 1, "short": 1, "unknown": 2}


def test_a_standard_that_was_never_checked_says_what_to_do(client: TestClient) -> None:
    response = client.get("/api/checks/latest?standard=citywide")
    assert (response.status_code, response.json()["error"]["code"]) == (409, "not_ready")
    assert "wangge standards check" in response.json()["error"]["message"]


def test_findings_come_in_pages_and_by_outcome(client: TestClient) -> None:
    _, latest = runs(client)
    first = standards.FindingList.model_validate_json(client.get(f"/api/checks/{latest}/findings?limit=3").content)
    rest = client.get(f"/api/checks/{latest}/findings", params={"after": first.next}).json()
    codes = [one.community_code for one in first.findings] + [one["community_code"] for one in rest["findings"]]
    assert codes == ["110199001001", "110199001002", "110199002001", "110199002002"]
    assert rest["next"] is None
    short = client.get(f"/api/checks/{latest}/findings?outcome=short").json()["findings"]
    assert [one["community_code"] for one in short] == ["110199001002"]


def test_two_checks_differ_where_an_outcome_changed(client: TestClient) -> None:
    before, after = runs(client)
    found = standards.Comparison.model_validate_json(
        client.get("/api/checks/compare", params={"before": before, "after": after}).content
    )
    assert [change.model_dump() for change in found.changes] == [
        {"community_code": "110199001001", "community_name": "柳荫社区", "before": "short", "after": "meets"}
    ]


def test_a_check_does_not_differ_from_itself(client: TestClient) -> None:
    _, latest = runs(client)
    assert client.get(f"/api/checks/compare?before={latest}&after={latest}").json()["changes"] == []
