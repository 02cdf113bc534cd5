"""The commands of `leveret skill`.

Exit codes: 0 it is done or it holds; 1 it did not hold, or the run did not end well; 2 wrong use, a file that is no
skill, or nobody to ask; 3 refused, declined, or not answered.
"""

from __future__ import annotations

import base64
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from cloud.options import ConfigFile, DataDir, Url, accounts_of, out, wrong
from cloud.skill_cli.doing import DONE, ENDS, FAILED, Told, do, print_json, values_of

skill = typer.Typer(no_args_is_help=True, help="Skills: bring, look at, run, compare, hand on.")

Name = Annotated[str, typer.Argument(help="the skill's name, as `leveret skill list` has it")]
Json = Annotated[bool, typer.Option("--json", help="print the result as JSON")]
Version = Annotated[int, typer.Option("--version", help="which version (default: the one that counts)")]
Values = Annotated[list[str] | None, typer.Option("--value", help="NAME=VALUE of a parameter; again for each")]


@skill.command("list")
def list_skills(as_json: Json = False, url: Url = "", config: ConfigFile = None, data_dir: DataDir = None) -> None:
    """List the skills, and what was removed and can be brought back."""

    async def work(told: Told) -> int:
        async with told.skills() as skills:
            found = await skills.get("/api/skills")
        told.show(found, lambda: told.telling.cards(found["skills"], found["removed"]))
        return DONE

    do(work, as_json, url, config, data_dir)


@skill.command()
def show(
    name: Name,
    version: Version = 0,
    file: Annotated[bool, typer.Option("--file", help="print the skill file itself")] = False,
    as_json: Json = False,
    url: Url = "",
    config: ConfigFile = None,
    data_dir: DataDir = None,
) -> None:
    """Say in words what a skill does: where it goes, what it asks, types and reads, and what cannot be undone."""

    async def work(told: Told) -> int:
        async with told.skills() as skills:
            card = await skills.get(f"/api/skills/{name}")
            number = version or card["version"]
            if file:
                sys.stdout.write((await skills.file(f"/api/skills/{name}/versions/{number}")).decode())
                return DONE
            powers = await skills.get(f"/api/skills/{name}/versions/{number}/powers")
        about: Any = next((one for one in card["versions"] if one["number"] == number), {})
        told.show({**card, **powers, "version": number, "about": about}, lambda: _shown(told, card, number, powers))
        return DONE

    do(work, as_json, url, config, data_dir)


def _shown(told: Told, card: dict[str, Any], number: int, powers: dict[str, Any]) -> None:
    say = told.telling.say
    say(f"{card['name']}, version {number}: {card['title']}", "bold")
    if card["problem"]:
        say(f"It cannot be used: {card['problem']}", "red")
    if card["example"]:
        say(f"Say: “{card['example']}”")
    told.telling.powers(powers["powers"])
    told.telling.weaknesses(powers["weaknesses"])


@skill.command()
def history(
    name: Name, as_json: Json = False, url: Url = "", config: ConfigFile = None, data_dir: DataDir = None
) -> None:
    """List the versions of a skill: when, why, and whence each came."""

    async def work(told: Told) -> int:
        async with told.skills() as skills:
            card = await skills.get(f"/api/skills/{name}")
        told.show({"versions": card["versions"]}, lambda: told.telling.history(card["versions"]))
        return DONE

    do(work, as_json, url, config, data_dir)


@skill.command()
def diff(
    name: Name,
    old: Annotated[int, typer.Argument(help="a version (default: the one that the newer was made from)")] = 0,
    new: Annotated[int, typer.Argument(help="another version (default: the one that counts)")] = 0,
    lines: Annotated[bool, typer.Option("--lines", help="also the lines of the files")] = False,
    pictures: Annotated[Path | None, typer.Option(help="a folder for pictures of the elements in both")] = None,
    html: Annotated[Path | None, typer.Option(help="a page with the words, the lines and the pictures")] = None,
    as_json: Json = False,
    url: Url = "",
    config: ConfigFile = None,
    data_dir: DataDir = None,
) -> None:
    """Say what differs between two versions: in words, as lines, and in pictures side by side."""

    async def work(told: Told) -> int:
        async with told.skills() as skills:
            later = new or (await skills.get(f"/api/skills/{name}"))["version"]
            asked = f"?from={old}" if old else ""
            found = await skills.get(f"/api/skills/{name}/versions/{later}/changes{asked}")
            if pictures or html:
                from cloud.skill_cli.comparing import fetched, page, put

                seen = await fetched(skills, name, found["pairs"])
                if pictures:
                    found["written"] = put(pictures, seen)
                if html:
                    html.write_text(page(name, found, seen), encoding="utf-8")
        told.show(found, lambda: told.telling.comparison(found, lines=lines))
        for place in (pictures, html):
            if place and not as_json:
                told.telling.say(f"see {place}", "dim")
        return DONE

    do(work, as_json, url, config, data_dir)


@skill.command()
def revert(
    name: Name,
    version: Annotated[int, typer.Argument(help="the version to go back to")],
    as_json: Json = False,
    url: Url = "",
    config: ConfigFile = None,
    data_dir: DataDir = None,
) -> None:
    """Go back to an earlier version, which is copied as the newest."""

    async def work(told: Told) -> int:
        async with told.skills() as skills:
            saved = await skills.post(f"/api/skills/{name}/revert", {"version": version})
        told.show(
            saved, lambda: told.telling.say(f"{name} is as in version {version} again: version {saved['version']}")
        )
        return DONE

    do(work, as_json, url, config, data_dir)


@skill.command()
def remove(
    name: Name, as_json: Json = False, url: Url = "", config: ConfigFile = None, data_dir: DataDir = None
) -> None:
    """Remove a skill with all its versions; for 30 days it can be brought back."""

    async def work(told: Told) -> int:
        async with told.skills() as skills:
            await skills.delete(f"/api/skills/{name}")
        told.show(
            {"removed": name}, lambda: told.telling.say(f"{name} is removed; leveret skill restore {name} undoes it")
        )
        return DONE

    do(work, as_json, url, config, data_dir)


@skill.command()
def restore(
    name: Name, as_json: Json = False, url: Url = "", config: ConfigFile = None, data_dir: DataDir = None
) -> None:
    """Bring a removed skill back with all its versions."""

    async def work(told: Told) -> int:
        async with told.skills() as skills:
            back = await skills.post(f"/api/skills/{name}/restore", {})
        told.show(back, lambda: told.telling.say(f"{name} is back; version {back['version']} counts"))
        return DONE

    do(work, as_json, url, config, data_dir)


@skill.command()
def run(
    name: Name,
    value: Values = None,
    version: Version = 0,
    as_json: Json = False,
    url: Url = "",
    config: ConfigFile = None,
    data_dir: DataDir = None,
) -> None:
    """Run a skill by the running cloud: shows what it does, and asks here what it asks."""

    async def work(told: Told) -> int:
        from cloud.talking import Address, Talk, address_of

        address = Address(url) if url else address_of(told.config.data_dir)
        talk = Talk(address, accounts_of(told.config).open(), wrong if as_json else out)
        ended = await talk.run(name, values_of(value), version)
        told.show(ended, lambda: None)
        return ENDS.get(ended.get("status", ""), FAILED)

    do(work, as_json, url, config, data_dir)


@skill.command("import")
def import_file(
    files: Annotated[list[Path], typer.Argument(help="skill files, or recordings of other tools")],
    named: Annotated[str, typer.Option("--format", help="the files' format (default: found out)")] = "",
    name: Annotated[str, typer.Option(help="what to call the skill, when there is one")] = "",
    test: Annotated[list[str] | None, typer.Option(help="only this test of a file, by name or number from 1")] = None,
    base: Annotated[str, typer.Option(help="the site's address, where a file names none")] = "",
    replace: Annotated[bool, typer.Option("--replace", help="as the next version of the skill of that name")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="show what would come of it, and keep nothing")] = False,
    accept: Annotated[str, typer.Option(help="the digest of a shared skill that you have looked at")] = "",
    give: Annotated[list[str] | None, typer.Option(help="NAME=PATH of a file that a shared skill lacks")] = None,
    as_json: Json = False,
    url: Url = "",
    config: ConfigFile = None,
    data_dir: DataDir = None,
) -> None:
    """Make skills of files, and say by line what could not be carried. Of a shared skill it shows what it may do, and
    keeps it once you have accepted that."""

    async def work(told: Told) -> int:
        from cloud.skill_cli.bringing import Bringing

        files_given = {name: Path(str(path)) for name, path in values_of(give).items()}
        bringing = Bringing(
            told,
            name=name,
            tests=tuple(test or ()),
            replace=replace,
            dry_run=dry_run,
            accept=accept,
            give=files_given,
        )
        async with told.skills() as skills:
            return await bringing.all(skills, files, named, base)

    if name and len(files) > 1:
        raise typer.BadParameter("--name is for one file")
    do(work, as_json, url, config, data_dir)


@skill.command()
def export(
    name: Name,
    named: Annotated[
        str, typer.Option("--format", help="leveret, or that of another tool; see docs/formats.md")
    ] = "leveret",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="the file; - prints it")] = None,
    value: Values = None,
    version: Version = 0,
    as_json: Json = False,
    url: Url = "",
    config: ConfigFile = None,
    data_dir: DataDir = None,
) -> None:
    """Write a skill as a file, for Leveret or for another tool, and say what the file cannot hold."""

    async def work(told: Told) -> int:
        wanted = {"format": named, "version": version, "values": values_of(value)}
        async with told.skills() as skills:
            exported = await skills.post(f"/api/skills/{name}/export", wanted)
        data = base64.b64decode(exported.pop("data"))
        if output == Path("-"):
            sys.stdout.buffer.write(data)
            return DONE
        place = output or Path(Path(exported["filename"]).name)
        place.write_bytes(data)
        exported["file"] = str(place)

        def words() -> None:
            told.telling.say(f"{name}, version {exported['version']}, is in {place}")
            told.telling.notes(exported["notes"])

        told.show(exported, words)
        return DONE

    do(work, as_json, url, config, data_dir)


@skill.command()
def share(
    name: Name,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="the file (default: NAME.leveret.json)")] = None,
    keep: Annotated[list[str] | None, typer.Option(help="a step that goes on typing what it types")] = None,
    picture: Annotated[list[str] | None, typer.Option(help="a picture that goes along; `all` for every one")] = None,
    file: Annotated[list[str] | None, typer.Option(help="a file that it gives to sites, to go along")] = None,
    author: Annotated[str, typer.Option(help="what you want to be called in it; else nothing of you is")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="show what would be in it, and write nothing")] = False,
    version: Version = 0,
    as_json: Json = False,
    url: Url = "",
    config: ConfigFile = None,
    data_dir: DataDir = None,
) -> None:
    """Write a skill as one signed file for somebody else, without facts, typed words, pictures and secrets of yours."""

    async def work(told: Told) -> int:
        wanted = {"version": version, "keep": keep or [], "files": file or [], "author": author}
        async with told.skills() as skills:
            shared = await skills.post(f"/api/skills/{name}/share", wanted)
            if picture:
                chosen = shared["pictures"] if picture == ["all"] else picture
                shared = await skills.post(f"/api/skills/{name}/share", wanted | {"pictures": chosen})
        data = base64.b64decode(shared.pop("data"))
        place = output or Path(Path(shared["filename"]).name)
        if not dry_run:
            place.write_bytes(data)
            shared["file"] = str(place)
        told.show(shared, lambda: told.telling.handed_on(shared, "" if dry_run else str(place)))
        return DONE

    do(work, as_json, url, config, data_dir)


@skill.command()
def validate(
    files: Annotated[list[Path], typer.Argument(help="skill files of ours")],
    strict: Annotated[bool, typer.Option("--strict", help="what is weak does not hold, too")] = False,
    as_json: Json = False,
) -> None:
    """Check skill files: what is wrong and where, and which elements are known by too little. 1 if one is wrong."""
    from cloud.skill_cli.validating import checked

    found = [checked(path) for path in files]
    holds = all(one.holds and not (strict and one.weaknesses) for one in found)
    if as_json:
        print_json(found)
    for one in found if not as_json else ():
        out.print(f"{one.file}: {'holds together' if one.holds else 'does not hold'}", highlight=False, soft_wrap=True)
        for problem in one.problems:
            out.print(f"  {problem.words}", style="red", highlight=False, markup=False, soft_wrap=True)
        for problem in one.weaknesses:
            out.print(f"  weak: {problem.words}", style="yellow", highlight=False, markup=False, soft_wrap=True)
    raise typer.Exit(DONE if holds else FAILED)
