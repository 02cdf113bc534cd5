// @puppeteer/replay over all cases. Recorded with the code of Chrome's own Recorder panel (chrome-devtools-frontend).
// Usage: node replay.mjs TASKS.json; prints one JSON line a case. The pages themselves tell what was clicked.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { ARRIVED, FRESH, LOAD_MS, PRESSED, overPages, say } from "./pages.mjs";

const require = createRequire(process.cwd() + "/");
const puppeteer = (await import(require.resolve("puppeteer-core"))).default;
const { createRunner, PuppeteerRunnerExtension, selectorToPElementSelector } = await import(require.resolve("@puppeteer/replay"));
const esbuild = require("esbuild");

// A frozen page does not change any more: a step none of whose selectors leads anywhere gets no time to wait, by its own
// `timeout`; the others have more than they need.
const STEP_MS = 5000, NO_TIME_MS = 1, AT_ONCE = 2;
const tasks = JSON.parse(readFileSync(process.argv[2], "utf8"));
const places = readFileSync(tasks.places, "utf8");

const panel = "chrome-devtools-frontend/front_end/panels/recorder/injected";
const built = await esbuild.build({
  stdin: { resolveDir: process.cwd(), loader: "ts", contents: `
    import { SelectorComputer } from "./node_modules/${panel}/SelectorComputer.ts";
    import { Logger } from "./node_modules/${panel}/Logger.ts";
    const names = { getAccessibleName: (node) => node.computedName || "", getAccessibleRole: (node) => node.computedRole || "" };
    globalThis.recorder = new SelectorComputer(names, new Logger("silent"));` },
  bundle: true, write: false, format: "iife", target: "es2022", tsconfigRaw: "{}",
});
const recorder = built.outputFiles[0].text;

const started = () => puppeteer.launch({
  executablePath: tasks.chromium, headless: "shell", defaultViewport: { width: 1280, height: 900 },
  args: ["--no-sandbox", "--enable-blink-features=ComputedAccessibilityInfo", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
});

async function open(page, url) {
  await page.goto(url, { waitUntil: "load", timeout: LOAD_MS });
  await page.waitForFunction(ARRIVED, { timeout: LOAD_MS });
}

async function record({ page }, before, cases) {
  await open(page, before);
  await page.evaluate(places.replace("const places =", "globalThis.places ="));
  await page.evaluate(recorder);
  const steps = await page.evaluate((all) => all.map(({ id, sought }) => {
    const el = places.elementAt(sought);
    if (!el) return { id };
    const { width, height } = el.getBoundingClientRect();
    return { id, selectors: recorder.getSelectors(el), offsetX: width / 2, offsetY: height / 2 };
  }), cases);
  return new Map(steps.map(({ id, ...step }) => [id, step]));
}

// The quick ones first: one that asks the accessibility tree takes longer than the others together.
async function leadsAnywhere(page, selectors) {
  const asksTree = (one) => String(one).includes("aria/");
  for (const one of [...selectors].sort((a, b) => asksTree(a) - asksTree(b)))
    if (await page.$(selectorToPElementSelector(one)).catch(() => null)) return true;
  return false;
}

async function replay({ browser, page }, after, cases, steps) {
  await open(page, after);
  for (const { id } of cases) {
    const step = steps.get(id);
    if (!step.selectors || !step.selectors.length) { say(id, "", "nothing was recorded"); continue; }
    await page.evaluate(FRESH);
    const timeout = (await leadsAnywhere(page, step.selectors)) ? STEP_MS : NO_TIME_MS;
    const flow = { title: id, steps: [{ type: "click", target: "main", timeout, ...step }] };
    const runner = await createRunner(flow, new PuppeteerRunnerExtension(browser, page));
    let error = "";
    try { await runner.run(); } catch (problem) { error = String(problem.message || problem).slice(0, 120); }
    say(id, await page.evaluate(PRESSED), error);
  }
}

// One page in each browser: it draws frames for the page in front, and its locators wait for frames.
const browsers = await Promise.all(Array.from({ length: AT_ONCE }, started));
const lanes = await Promise.all(browsers.map(async (browser) => ({ browser, page: await browser.newPage() })));
await overPages(tasks.cases, lanes, record, replay);
for (const browser of browsers) await browser.close();
