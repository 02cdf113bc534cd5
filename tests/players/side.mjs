// Plays Selenium IDE projects by selenium-side-runner's own code on one warm browser, without the jest around it.
//   node side.mjs CHROMIUM CHROMEDRIVER [PROXY_PORT]
// A line of JSON in, one out: {project, reads: [variable], own} -> {took_ms, values: {variable: text}}, or {error}. With
// `own` each test starts a driver and browser of its own, as the runner does; else it has a new window of the warm one,
// and no cookies. The clock runs from there until the last of `reads` is read, or the test is over.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const [chromium, chromedriver, proxy] = process.argv.slice(2);
process.env.SE_CHROMEDRIVER = chromedriver;
process.env.SE_OFFLINE = "true";
process.env.SE_AVOID_STATS = "true";
console.log = console.error; // Standard output is for answers.
const require = createRequire(import.meta.url);
const buildRun = require("selenium-side-runner/dist/run.js").default;
const { Variables } = require("@seleniumhq/side-runtime");

const through = proxy ? [`--proxy-server=http://127.0.0.1:${proxy}`, "--proxy-bypass-list=<-loopback>"] : [];
const args = ["--headless", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1280,800", ...through];
const silent = { info() {}, debug() {}, warn() {}, error() {} };
const configuration = (timeout) => ({
  capabilities: { browserName: "chrome", "goog:chromeOptions": { binary: chromium, args } },
  timeout, baseUrl: "", server: "",
});
const driver = await buildRun({ configuration: configuration(5000), logger: silent }).getDriverSync();
const anchor = await driver.getWindowHandle();

// Variables that know when the last that is asked for was read.
class Timed extends Variables {
  constructor(reads) { super(); this.reads = reads; this.ended = 0; }
  set(name, value) { if (this.reads.includes(name)) this.ended = performance.now(); super.set(name, value); }
}

async function play({ project, reads = [], timeout = 5000, own = false }) {
  const values = {};
  let took_ms = 0;
  const { run } = buildRun({ configuration: configuration(timeout), logger: silent });
  for (const test of project.tests) {
    const variables = new Timed(reads);
    if (!own) await fresh();
    const began = performance.now();
    try {
      await run(project, test, variables, own ? undefined : driver);
    } finally {
      took_ms += (variables.ended || performance.now()) - began;
      if (!own) await tidy();
    }
    for (const name of reads) if (variables.has(name)) values[name] = String(variables.get(name));
  }
  return { took_ms, values };
}

// The runner closes the window that a test ends in, and with the last one the driver's session would be over.
async function fresh() {
  await driver.switchTo().newWindow("window");
  await driver.sendDevToolsCommand("Network.clearBrowserCookies");
}

async function tidy() {
  for (const handle of await driver.getAllWindowHandles()) {
    if (handle === anchor) continue;
    await driver.switchTo().window(handle);
    await driver.close();
  }
  await driver.switchTo().window(anchor);
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
await driver.quit();
process.exit(0); // A timer of the runner would keep it for half a minute.
