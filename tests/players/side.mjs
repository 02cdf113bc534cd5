// Plays Selenium IDE projects by selenium-side-runner's own code on one warm browser, without the jest around it.
//   node side.mjs CHROMIUM CHROMEDRIVER [PROXY_PORT]
// A line of JSON in, one out: {project, reads: [variable]} -> {took_ms, values: {variable: text}}, or {error}. Each test
// of a project has a new window and no cookies; the clock runs from there until its last command is done.
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
const close = driver.close.bind(driver);
let ended = 0;
// The runner closes its window when a test is over.
driver.close = () => { ended = performance.now(); return close(); };

async function play({ project, reads = [], timeout = 5000 }) {
  const values = {};
  let took_ms = 0;
  const { run } = buildRun({ configuration: configuration(timeout), logger: silent });
  for (const test of project.tests) {
    await driver.switchTo().newWindow("window");
    await driver.sendDevToolsCommand("Network.clearBrowserCookies");
    const variables = new Variables();
    const began = performance.now();
    ended = 0;
    try {
      await run(project, test, variables, driver);
    } finally {
      took_ms += (ended || performance.now()) - began;
      for (const handle of await driver.getAllWindowHandles()) if (handle !== anchor) await leave(handle);
      await driver.switchTo().window(anchor);
    }
    for (const name of reads) if (variables.has(name)) values[name] = String(variables.get(name));
  }
  return { took_ms, values };
}

async function leave(handle) {
  await driver.switchTo().window(handle);
  await close();
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
