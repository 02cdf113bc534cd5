"""An update whose power goes, that is killed, that fails, or that is bad: what is left of the device.

    python -m benchmarks.update [--quick] [--no-host]

A table, then one JSON line: `cases` of updates that were cut, `bricked` of them, `bad_accepted` of bundles that must
not be taken, `rolled_back` of the bad releases (1 when all were).
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

from benchmarks.update import bad, cuts, host, tampered


def main() -> None:
    made = argparse.ArgumentParser(prog="python -m benchmarks.update")
    made.add_argument("--quick", action="store_true", help="a tenth of the flipped bits, and no real pace")
    made.add_argument("--no-host", action="store_true", help="without the real cloud")
    flags = made.parse_args()
    shm = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="leveret-update.", dir=shm if shm.is_dir() else None) as name:
        print(json.dumps(_measured(Path(name), quick=flags.quick, with_host=not flags.no_host)))


def _folder(above: Path, name: str) -> Path:
    (above / name).mkdir()
    return above / name


def _measured(folder: Path, *, quick: bool, with_host: bool) -> dict[str, object]:
    trying = None if quick else bad.Trying(_folder(folder, "bad"))
    try:
        found = _cut(folder, quick)
        flips = tampered.flips(_folder(folder, "flips"), 1_000 if quick else 10_000)
        hostile = tampered.on_purpose(_folder(folder, "hostile"))
        print(f"{'bundles with one bit flipped':46} {flips[0]:7,}  taken {flips[1]}")
        print(f"{'bundles made to do harm, or truncated':46} {hostile[0]:7,}  taken {hostile[1]}")
        found |= {"flips": flips[0], "hostile": hostile[0], "bad_accepted": flips[1] + hostile[1]}
        if with_host:
            found |= host.measured(_folder(folder, "host"))
        left = trying.results() if trying is not None else []
        for one in left:
            came = "left again" if one.rolled_back else "NOT LEFT"
            print(f"{'a release that ' + one.name:46} {one.took_s:6.0f} s  {came}")
        if left:
            found["rolled_back"] = sum(one.rolled_back for one in left) / len(left)
            found["rolled_back_s_most"] = round(max(one.took_s for one in left), 1)
        return found
    finally:
        if trying is not None:
            trying.close()


def _cut(folder: Path, quick: bool) -> dict[str, object]:
    bad.without_sync()
    began = time.monotonic()
    power, changes = cuts.power_cuts(_folder(folder, "power"), 1 if quick else 4)
    rows = {
        "power cuts, each change in each way of a disk": power,
        "power cuts twice": cuts.second_cuts(_folder(folder, "twice"), 4 if quick else 1),
        "killed at each change": cuts.kills(_folder(folder, "kills")),
        "an error at each change": cuts.errors(_folder(folder, "errors")),
    }
    for name, count in rows.items():
        print(f"{name:46} {count.cases:7,}  bricked {len(count.bricked)}  starts at the most {count.starts}")
        for why in count.bricked[:10]:
            print(f"    {why}")
    print(f"{'changes in two updates':46} {changes:7,}  {time.monotonic() - began:.0f} s for all of these")
    return {
        "cases": sum(count.cases for count in rows.values()),
        "bricked": sum(len(count.bricked) for count in rows.values()),
        "kills": rows["killed at each change"].cases,
        "errors": rows["an error at each change"].cases,
        "starts_most": max(count.starts for count in rows.values()),
        "refused_after_cuts": sum(count.rolled_back for count in rows.values()),
    }


if __name__ == "__main__":
    main()
