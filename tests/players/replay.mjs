// Plays user flows by @puppeteer/replay on one warm browser, a fresh context each.
//   node replay.mjs CHROMIUM [PROXY_PORT]
// A line of JSON in, one out: {flow, reads: {name: selector}} -> {took_ms, texts: {name: text}}, or {error}.
import { createInterface } from "node:readline";
import puppeteer from "puppeteer-core";
import { createRunner, parse, PuppeteerRunnerExtension } from "@puppeteer/replay";

const [chromium, proxy] = process.argv.slice(2);
const through = proxy ? { proxyServer: `http://127.0.0.1:${proxy}`, proxyBypassList: ["<-loopback>"] } : {};
const browser = await puppeteer.launch({
  protocolTimeout: 30_000, executablePath: chromium, headless: "shell", defaultViewport: { width: 1280, height: 800 },
  args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
});

// Knows which step it is at, for what it says when it cannot go on.
class Extension extends PuppeteerRunnerExtension {
  at = -1;
  beforeEachStep() { this.at++; }
}

async function read(page, selector, patience) {
  const found = await page.waitForSelector(selector, { visible: true, timeout: patience });
  return found.evaluate((el) => el.innerText);
}

async function play({ flow, reads = {}, timeout = 5000 }) {
  const context = await browser.createBrowserContext(through);
  try {
    const began = performance.now();
    const page = await context.newPage();
    const extension = new Extension(browser, page, { timeout });
    const runner = await createRunner(parse(flow), extension);
    await runner.run().catch((error) => {
      const { type, selectors } = flow.steps[extension.at] || {};
      throw new Error(`step ${extension.at + 1}, ${type} ${JSON.stringify(selectors || "")}: ${error?.message || error}`);
    });
    const texts = {};
    for (const [name, selector] of Object.entries(reads)) texts[name] = await read(page, selector, timeout);
    return { took_ms: performance.now() - began, texts };
  } finally {
    // Now and then Chromium never says that it is closed.
    await Promise.race([context.close().catch(() => {}), new Promise((done) => setTimeout(done, 3000).unref())]);
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = await play(JSON.parse(line));
  } catch (error) {
    answer = { error: String(error?.message || error).slice(0, 500) || "it failed" };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
await browser.close();
