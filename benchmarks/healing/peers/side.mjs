// Selenium IDE's runtime over all cases: records with the locators of its recorder, in its order, then plays a click.
// Usage: node side.mjs TASKS.json; prints one JSON line a case. The pages themselves tell what was clicked.
// The recorder is part of the IDE's window and in no package: its order is re-made here, with its own @medv/finder. Each
// locator is kept only if it leads to the element, as there. The runtime 4.0.13 plays the first one and no other.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { ARRIVED, FRESH, LOAD_MS, PRESSED, overPages, say } from "./pages.mjs";

const require = createRequire(process.cwd() + "/");
const { Builder } = require("selenium-webdriver");
const chrome = require("selenium-webdriver/chrome");
const { Playback, Variables, WebDriverExecutor } = require("@seleniumhq/side-runtime");
const esbuild = require("esbuild");

// A frozen page does not change any more: a step whose element is not there, or not shown, gets no time to wait, by the
// runtime's own `implicitWait`; the others have more than they need.
const STEP_MS = 5000, NO_TIME_MS = 1, AT_ONCE = 2;
const tasks = JSON.parse(readFileSync(process.argv[2], "utf8"));
const places = readFileSync(tasks.places, "utf8").replace("const places =", "window.places =");
const finder = (await esbuild.build({ stdin: { resolveDir: process.cwd(), contents: 'import { finder } from "@medv/finder"; window.finder = finder;' }, bundle: true, write: false, format: "iife" })).outputFiles[0].text;

function locators(all) {
  const xpath = (path) => document.evaluate(path, document, null, XPathResult.FIRST_ORDERED_NODE_TYPE, null).singleNodeValue;
  const css = (selector) => document.querySelector(selector);
  const quoted = (text) => text.includes("'") ? (text.includes('"') ? null : `"${text}"`) : `'${text}'`;
  const byAttributes = (el, names) => {
    const tests = [];
    for (const name of names) {
      const value = el.getAttribute(name);
      if (value === null || quoted(value) === null) continue;
      tests.push(`@${name}=${quoted(value)}`);
      const path = `//${el.localName}[${tests.join(" and ")}]`;
      if (xpath(path) === el) return path;
    }
    return null;
  };
  const relative = (el) => {
    let path = "";
    for (let at = el; at && at.parentElement; at = at.parentElement) {
      const twins = [...at.parentElement.children].filter((other) => other.localName === at.localName);
      path = `/${at.localName}${twins.length > 1 ? `[${twins.indexOf(at) + 1}]` : ""}${path}`;
      if (at.parentElement.id && quoted(at.parentElement.id)) return `//${at.parentElement.localName}[@id=${quoted(at.parentElement.id)}]${path}`;
    }
    return `/${path}`;
  };
  const builders = [
    (el) => { for (const name of ["data-test", "data-test-id"]) { const value = el.getAttribute(name); if (value && css(`*[${name}=${JSON.stringify(value)}]`) === el) return `css=*[${name}=${JSON.stringify(value)}]`; } return null; },
    (el) => el.id && document.getElementById(el.id) === el ? `id=${el.id}` : null,
    (el) => { const said = (link) => (link.innerText || "").replace(/\s+/g, " ").trim(), text = el.localName === "a" ? said(el) : ""; return text && [...document.links].find((link) => said(link) === text) === el ? `linkText=${text}` : null; },
    (el) => { const name = el.getAttribute("name"); return name && document.getElementsByName(name)[0] === el ? `name=${name}` : null; },
    (el) => { const selector = window.finder(el); return css(selector) === el ? `css=${selector}` : null; },
    (el) => { const path = byAttributes(el, ["id", "name", "value", "type", "action", "onclick"]); return path && `xpath=${path}`; },
    (el) => { const path = relative(el); return xpath(path) === el ? `xpath=${path}` : null; },
  ];
  return all.map(({ id, sought }) => {
    const el = window.places.elementAt(sought), found = [];
    if (el && el.ownerDocument === document && el.getRootNode() === document)
      for (const build of builders) { try { const one = build(el); if (one) found.push([one, ""]); } catch { continue; } }
    return { id, found };
  });
}

async function open(driver, url) {
  await driver.get(url);
  await driver.wait(() => driver.executeScript(`return ${ARRIVED}`), LOAD_MS, "late parts", 50);
}

async function record({ driver }, before, cases) {
  await open(driver, before);
  await driver.executeScript(places);
  await driver.executeScript(finder);
  const recorded = await driver.executeScript(locators, cases.map(({ id, sought }) => ({ id, sought })));
  return new Map(recorded.map(({ id, found }) => [id, found]));
}

const quiet = new Proxy({}, { get: () => () => {} });

async function replay(own, after, cases, known) {
  await open(own.driver, after);
  for (const { id } of cases) {
    const targets = known.get(id) || [];
    if (!targets.length) { say(id, "", "nothing was recorded"); continue; }
    await own.driver.executeScript(FRESH);
    const error = await play(own, after, id, targets);
    say(id, await own.driver.executeScript(`return ${PRESSED}`), error);
  }
}

async function stands(executor, target) {
  try { const found = await executor.elementIsLocated(target); return found !== null && await found.isDisplayed(); } catch { return false; }
}

async function play({ executor }, after, id, targets) {
  executor.implicitWait = (await stands(executor, targets[0][0])) ? STEP_MS : NO_TIME_MS;
  const commands = [{ id: "1", command: "click", target: targets[0][0], targets, value: "" }];
  const playback = new Playback({ baseUrl: new URL(after).origin, executor, getTestByName: () => null, logger: quiet, variables: new Variables() });
  try {
    await playback.init();
    const finished = await playback.play({ id, name: id, commands });
    if (typeof finished === "function") await finished();
  } catch (problem) { return String(problem.message || problem).slice(0, 120); }
  return "";
}

async function started() {
  const options = new chrome.Options();
  options.setChromeBinaryPath(tasks.chromium);
  options.addArguments("--headless", "--no-sandbox", "--window-size=1280,900", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1");
  const driver = await new Builder().forBrowser("chrome").setChromeOptions(options).setChromeService(new chrome.ServiceBuilder(tasks.chromedriver)).build();
  await driver.manage().setTimeouts({ pageLoad: LOAD_MS, script: 5000 });
  return { driver, executor: new WebDriverExecutor({ driver, implicitWait: STEP_MS }) };
}

const lanes = await Promise.all(Array.from({ length: AT_ONCE }, started));
await overPages(tasks.cases, lanes, record, replay);
for (const { driver } of lanes) await driver.quit();
