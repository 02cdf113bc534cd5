// @puppeteer/replay over all cases. Recorded with the code of Chrome's own Recorder panel (chrome-devtools-frontend).
// Usage: node replay.mjs TASKS.json; prints one JSON line a case. The pages themselves report what was clicked.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(process.cwd() + "/");
const puppeteer = (await import(require.resolve("puppeteer-core"))).default;
const { createRunner, PuppeteerRunnerExtension } = await import(require.resolve("@puppeteer/replay"));
const esbuild = require("esbuild");

const STEP_MS = 2000, REPORT_MS = 300, AT_ONCE = 4;
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

const browser = await puppeteer.launch({
  executablePath: tasks.chromium, headless: "shell", defaultViewport: { width: 1280, height: 900 },
  args: ["--no-sandbox", "--enable-blink-features=ComputedAccessibilityInfo", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
});

async function record(before, cases) {
  const page = await browser.newPage();
  try {
    await page.goto(before, { waitUntil: "load", timeout: 15000 });
    await page.evaluate(places.replace("const places =", "globalThis.places ="));
    await page.evaluate(recorder);
    return await page.evaluate((all) => all.map(({ id, sought }) => {
      const el = places.elementAt(sought);
      if (!el) return { id };
      const { width, height } = el.getBoundingClientRect();
      return { id, selectors: recorder.getSelectors(el), offsetX: width / 2, offsetY: height / 2 };
    }), cases);
  } finally {
    await page.close();
  }
}

async function replay(task, step) {
  const context = await browser.createBrowserContext();
  try {
    const page = await context.newPage();
    await page.goto(task.after, { waitUntil: "load", timeout: 15000 });
    const reported = page.waitForRequest((request) => request.url().endsWith("/used"), { timeout: STEP_MS + REPORT_MS }).catch(() => null);
    const flow = { title: task.id, steps: [{ type: "click", target: "main", ...step }] };
    const runner = await createRunner(flow, new PuppeteerRunnerExtension(browser, page, { timeout: STEP_MS }));
    let error = "";
    try { await runner.run(); await Promise.race([reported, new Promise((done) => setTimeout(done, REPORT_MS))]); } catch (problem) { error = String(problem.message || problem).slice(0, 120); }
    console.log(JSON.stringify({ id: task.id, error }));
  } finally {
    await context.close();
  }
}

const byBefore = new Map();
for (const task of tasks.cases) byBefore.set(task.before, [...byBefore.get(task.before) || [], task]);
const groups = [...byBefore];
async function lane() {
  for (let group; (group = groups.shift()); ) {
    const [before, cases] = group, byId = new Map(cases.map((task) => [task.id, task]));
    try {
      for (const { id, ...step } of await record(before, cases)) {
        if (step.selectors && step.selectors.length) await replay(byId.get(id), step);
        else console.log(JSON.stringify({ id, error: "nothing was recorded" }));
      }
    } catch (problem) { console.error(String(problem).slice(0, 200)); }
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, lane));
await browser.close();
