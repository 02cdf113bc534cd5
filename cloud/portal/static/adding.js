// Adding a device: its code, the two words to compare, its name.

import { call } from "./api.js";
import { byId, make } from "./dom.js";

/** Serves the form. `paired` is called when there is one device more. */
export function adding(paired) {
  byId("code-typed").onsubmit = async (event) => {
    event.preventDefault();
    byId("code-wrong").textContent = "";
    try {
      const offer = await call("/api/pairing", "POST", { code: byId("device-code").value });
      byId("device-code").value = "";
      compare(offer, paired);
    } catch (error) {
      byId("code-wrong").textContent = sentence(error.message);
    }
  };
  byId("wifi-code").onsubmit = (event) => {
    event.preventDefault();
    const name = byId("wifi-name").value;
    show(`The code of ${name}`, { name, password: byId("wifi-password").value });
  };
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  byId("cloud-code").onclick = () => show("The code of this cloud", { address: `${scheme}://${location.host}/device` });
}

/** A QR code, as large as a camera wants it, black on white whatever the page looks like. */
async function show(title, wanted) {
  byId("qr-wrong").textContent = "";
  try {
    const { svg } = await call("/api/qr", "POST", wanted);
    byId("qr").replaceChildren(make("p", {}, title), make("img", { class: "qr", alt: title, src: `data:image/svg+xml,${encodeURIComponent(svg)}` }));
  } catch (error) {
    byId("qr-wrong").textContent = sentence(error.message);
  }
}

function compare(offer, paired) {
  const place = byId("compared");
  const wrong = make("p", { class: "wrong", role: "alert" });
  const name = make("input", { id: "new-name", maxLength: 40, required: true, autocomplete: "off", placeholder: "Kitchen" });
  const form = make("form", {}, make("label", { htmlFor: "new-name" }, "What to call it"), make("div", { class: "line" }, name, make("button", { class: "accent" }, "They are the same: pair it")));
  const differ = make("button", { type: "button" }, "They differ, or it is not mine");
  const end = (text) => {
    place.replaceChildren(make("p", { role: "status" }, text));
    return paired();
  };
  const attempt = async (action) => {
    wrong.textContent = "";
    try {
      await action();
    } catch (error) {
      wrong.textContent = sentence(error.message);
    }
  };
  form.onsubmit = (event) => {
    event.preventDefault();
    const called = name.value.trim();
    attempt(() => call(`/api/pairing/${offer.pairing}`, "POST", { name: called }).then(() => end(`${called} is paired. Your other devices are told.`)));
  };
  differ.onclick = () => attempt(() => call(`/api/pairing/${offer.pairing}`, "DELETE").then(() => end("It was not paired. If the words differed, somebody was listening in: try again on another network.")));
  place.replaceChildren(
    make("h2", {}, "Are these two words on its screen?"),
    make("p", { class: "paired-words" }, offer.words.join(" ")),
    make("p", { class: "hint" }, `It asks from ${offer.origin}${offer.software ? `, with ${offer.software}` : ""}. Hold it in your hand while you compare.`),
    ...certificate(offer.certificate),
    form,
    make("div", { class: "answers" }, differ),
    wrong,
  );
  place.hidden = false;
  name.focus();
}

/** A certificate that nobody vouches for is compared, too: with the one of the cloud's own machine. */
function certificate(fingerprint) {
  if (!fingerprint) return [];
  const groups = fingerprint.match(/.{4}/g).join(" ");
  return [make("p", { class: "hint" }, "Nobody vouches for your cloud's certificate, so from now on the device believes this one alone. Is it your cloud's?"), make("pre", { tabIndex: 0, "aria-label": "Fingerprint (SHA-256)" }, groups)];
}

const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".");
