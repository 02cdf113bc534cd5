"""The webmail and its door, over plain HTTP."""

from __future__ import annotations

import time

import httpx
import pytest

from examples.town import Town
from examples.town.identity import ADA, Identity, code_at
from examples.town.ledger import MailRow

LETTER = {"to": "bea@garden.example", "subject": "The fence", "body": "It is green now."}


async def enter(town: Town, visitor: httpx.AsyncClient) -> httpx.Response:
    mail = town.addresses.mail
    await visitor.post(f"{mail}/login", data={"user": ADA.name, "password": ADA.password})
    return await visitor.post(f"{mail}/code", data={"code": code_at(ADA.seed, time.time())})


@pytest.mark.parametrize(("moment_s", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")])
def test_codes_are_those_of_rfc_6238(moment_s: int, code: str) -> None:
    assert code_at("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", moment_s) == code


def test_a_code_is_taken_for_a_step_before_and_after_and_no_longer() -> None:
    for late, taken in ((0, True), (30, True), (-30, True), (90, False)):
        identity = Identity(clock=lambda late=late: 1_000_000.0 + late)  # type: ignore[misc]
        assert identity.password("visit", ADA.name, ADA.password, with_code=True)
        assert identity.code("visit", code_at(ADA.seed, 1_000_000.0)) is taken


async def test_nobody_reads_mail_without_password_and_code(town: Town, visitor: httpx.AsyncClient) -> None:
    mail = town.addresses.mail
    for page in ("/", "/mail/M-101", "/write", "/mail/M-101/files/invoice-2291.csv"):
        assert (await visitor.get(mail + page)).url.path == "/login"
    wrong = await visitor.post(f"{mail}/login", data={"user": ADA.name, "password": "guess"})
    assert wrong.status_code == 422 and "do not match" in wrong.text
    assert (await visitor.post(f"{mail}/code", data={"code": "000000"})).url.path == "/login"
    await visitor.post(f"{mail}/login", data={"user": ADA.name, "password": ADA.password})
    wrong = await visitor.post(f"{mail}/code", data={"code": "12"})
    assert wrong.status_code == 422 and "not right" in wrong.text
    assert (await visitor.get(mail)).url.path == "/login"


async def test_after_the_door_one_is_where_one_wanted_to_be_and_sessions_end_when_told(
    town: Town, visitor: httpx.AsyncClient
) -> None:
    mail = town.addresses.mail
    await visitor.post(f"{mail}/login?to=/mail/M-103", data={"user": ADA.name, "password": ADA.password})
    there = await visitor.post(f"{mail}/code?to=/mail/M-103", data={"code": code_at(ADA.seed, time.time())})
    assert there.url.path == "/mail/M-103" and "Lunch on Friday" in there.text
    await visitor.post(f"{town.addresses.town}/expire")
    assert (await visitor.get(mail)).url.path == "/login"


@pytest.mark.parametrize("away", ["//evil.example", "https://evil.example", "/\\evil.example"])
async def test_the_door_leads_nowhere_else(away: str, town: Town, visitor: httpx.AsyncClient) -> None:
    await visitor.post(f"{town.addresses.mail}/login", data={"user": ADA.name, "password": ADA.password})
    code = {"code": code_at(ADA.seed, time.time())}
    there = await visitor.post(f"{town.addresses.mail}/code", params={"to": away}, data=code)
    assert (there.url.host, there.url.path) == ("mail.localhost", "/")


@pytest.mark.parametrize(
    ("change", "said"),
    [({"to": "rosa"}, "one address"), ({"subject": " "}, "a subject"), ({"body": "\n"}, "message is empty")],
)
async def test_a_mail_that_cannot_be_sent_says_why_and_is_not_sent(
    change: dict[str, str], said: str, town: Town, visitor: httpx.AsyncClient
) -> None:
    await enter(town, visitor)
    reply = await visitor.post(f"{town.addresses.mail}/write", data={**LETTER, **change})
    assert reply.status_code == 422 and said in reply.text
    assert not town.ledger.rows("mail")


async def test_a_sent_mail_is_in_the_ledger_and_in_the_folder_with_its_attachment(
    town: Town, visitor: httpx.AsyncClient
) -> None:
    await enter(town, visitor)
    mail = town.addresses.mail
    shown = await visitor.post(f"{mail}/write", data=LETTER, files={"files": ("fence.txt", b"green")})
    assert shown.url.path == "/mail/S-1"
    [row] = town.ledger.rows("mail")
    assert isinstance(row, MailRow) and (row.to, row.body) == (LETTER["to"], LETTER["body"])
    assert "The fence" in (await visitor.get(f"{mail}/folder/sent")).text
    file = await visitor.get(f"{mail}/mail/S-1/files/fence.txt")
    assert file.content == b"green" and file.headers["content-disposition"].startswith("attachment")


async def test_search_and_the_bin_change_what_a_folder_shows(town: Town, visitor: httpx.AsyncClient) -> None:
    await enter(town, visitor)
    mail = town.addresses.mail
    found = (await visitor.get(f"{mail}/folder/inbox", params={"q": "ladder"})).text
    assert "The ladder" in found and "Your invoice" not in found
    await visitor.post(f"{mail}/mail/M-109/bin")
    assert "The ladder" not in (await visitor.get(mail)).text
    assert "The ladder" in (await visitor.get(f"{mail}/folder/bin")).text
