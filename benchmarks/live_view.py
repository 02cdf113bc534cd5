"""From a click on the studio's canvas to the changed pixel on it: portal page, socket, cloud, remote page, and back.

The clock is the portal page's own: from its `pointerdown` to the first animation frame whose canvas has the new colour.
Everything runs on this machine, so the network's own time is to be added.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from playwright.async_api import Page
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from browser.pool import Pool, PoolConfig
from cloud.app import running
from cloud.config import load
from cloud.serving import bind, serving
from examples.demo.teacher import Teacher

CLICKS = 60
PAUSE_S = 0.4
# A page that shows what a click does at once, in its whole area.
BLINKING = """<!doctype html><title>Blinking</title><body style="margin:0;height:100vh;background:rgb(0,0,0)"><script>
let on = false;
addEventListener("mousedown", () => {
  on = !on;
  document.body.style.background = on ? "rgb(255,255,255)" : "rgb(0,0,0)";
});
</script>"""
WATCH = """() => {
  const canvas = document.getElementById("screen"), context = canvas.getContext("2d");
  const bright = () => context.getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data[0] > 127;
  window.took = [];
  canvas.addEventListener("pointerdown", () => {
    const began = performance.now(), before = bright();
    const seen = () => window.took.push(performance.now() - began);
    const look = () => (bright() === before ? requestAnimationFrame(look) : seen());
    requestAnimationFrame(look);
  }, true);
}"""

SEEN = """(number) => new Promise((done) => {
  const look = () => (window.took.length > number ? done() : requestAnimationFrame(look));
  look();
})"""


async def measured(teacher: Teacher, address: str) -> list[float]:
    """How long each click took until it was seen, in ms."""
    page = teacher.page
    await teacher.go(address)
    await page.evaluate(WATCH)
    box = await page.locator("#screen").bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + 200, box["y"] + 200)
    for number in range(CLICKS):
        await page.mouse.down()
        await page.evaluate(SEEN, number)
        await page.mouse.up()
        await asyncio.sleep(PAUSE_S)
    return [float(one) for one in await page.evaluate("window.took")]


async def main() -> None:
    """Prints a table, then one JSON line."""

    async def blinking(request: Request) -> Response:
        return HTMLResponse(BLINKING)

    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        site = bind("127.0.0.1", 0)
        await stack.enter_async_context(serving(Starlette(routes=[Route("/", blinking)]), site))
        host = f"site.localhost:{site.getsockname()[1]}"
        flags: dict[str, Any] = {"data_dir": folder / "data", "port": 0, "allow_local": [host], "log_level": "error"}
        flags |= {"stt": "moonshine", "tts": "espeak"}
        cloud = await stack.enter_async_context(running(load(None, {}, flags)))
        portal = cloud.url.removeprefix("http://")
        pool = await stack.enter_async_context(Pool(PoolConfig(state_dir=folder / "v", allow_local=(portal,))))
        context = await stack.enter_async_context(pool.context(navigate=[portal]))

        def remote() -> Page | None:
            (lesson,) = cloud.brain.lessons.open
            return lesson.view.page.playwright if lesson.view.page else None

        teacher = Teacher((await context.new_page()).playwright, remote)
        await teacher.enter(cloud.url, cloud.ground.accounts.open())
        took = sorted(await measured(teacher, f"http://{host}"))
    median, p95 = statistics.median(took), took[int(len(took) * 0.95) - 1]
    print(f"{'clicks':>8}{'median':>12}{'p95':>12}{'least':>12}{'most':>12}")
    print(f"{len(took):>8}{median:>9.0f} ms{p95:>9.0f} ms{took[0]:>9.0f} ms{took[-1]:>9.0f} ms")
    print(
        json.dumps({"click_to_pixel_ms": round(median, 1), "click_to_pixel_p95_ms": round(p95, 1), "clicks": len(took)})
    )


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
