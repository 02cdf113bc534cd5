// This browser's key: given once by the cloud, kept so that no script can read it back, used to sign.

import { call } from "../api.js";
import { hex } from "./uplink.js";

const STORE = "device";
const HMAC = { name: "HMAC", hash: "SHA-256" };

/** The kept { device, key }, or null. */
export async function kept() {
  return (await transact("readonly", (store) => store.get(STORE))) ?? null;
}

/** Pairs this browser as a device of the person who is signed in. Throws Refused. */
export async function pair() {
  const tail = hex(crypto.getRandomValues(new Uint8Array(2)));
  const made = await call("/api/devices", "POST", { name: `${browserName()} ${tail}` });
  const raw = Uint8Array.from(made.key.match(/../g), (pair) => parseInt(pair, 16));
  const identity = { device: made.id, key: await crypto.subtle.importKey("raw", raw, HMAC, false, ["sign"]) };
  await transact("readwrite", (store) => store.put(identity, STORE));
  return identity;
}

/** The key is worth nothing any more. */
export async function forget() {
  await transact("readwrite", (store) => store.delete(STORE));
}

/** Signs texts with the key: resolves to hex. */
export function signer(key) {
  return async (text) => hex(new Uint8Array(await crypto.subtle.sign(HMAC, key, new TextEncoder().encode(text))));
}

/** "Chrome on Linux", as far as it can be known. */
function browserName() {
  const agent = navigator.userAgent;
  const find = (names) => names.find(([word]) => agent.includes(word))?.[1];
  const browser = find([["Edg/", "Edge"], ["Firefox/", "Firefox"], ["Chrome/", "Chrome"], ["Safari/", "Safari"]]);
  const system = find([["Android", "Android"], ["iPhone", "iPhone"], ["iPad", "iPad"], ["Mac", "Mac"], ["Windows", "Windows"], ["Linux", "Linux"]]);
  return `${browser ?? "Browser"} on ${system ?? "a computer"}`;
}

function transact(mode, action) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("leveret", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const request = action(opening.result.transaction(STORE, mode).objectStore(STORE));
      request.onerror = () => reject(request.error);
      request.onsuccess = () => {
        opening.result.close();
        resolve(request.result);
      };
    };
  });
}
