// Puts a link into the page, with functions that a test moves its frames by. Bytes travel as base64.
async ({ key, boot }) => {
  const { Link } = await import("/static/handheld/link.js");
  const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const hmac = await crypto.subtle.importKey("raw", bytesOf(key), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const sign = async (text) => {
    const mac = new Uint8Array(await crypto.subtle.sign("HMAC", hmac, new TextEncoder().encode(text)));
    return [...mac].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };
  const wired = (data) => (typeof data === "string" ? data : { bytes: btoa(String.fromCharCode(...new Uint8Array(data))) });
  window.link = new Link({ device: "hare", boot, sign });
  window.events = [];
  window.sent = () => link.dataToSend().map(wired);
  window.take = async (frames) => {
    for (const frame of frames) {
      const data = typeof frame === "string" ? frame : bytesOf(frame.bytes).buffer;
      for (const event of await link.receive(data, 0)) events.push({ ...event, pcm: [...(event.pcm ?? [])] });
    }
    return sent();
  };
};
