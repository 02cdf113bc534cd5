// What a form would send, as a person reads it. What is secret, and what nobody sees, is left out.
const forms = (() => {
  const HOLDERS = "form,dialog,[role=form],[role=dialog],[role=alertdialog]", UNTYPED = /^(hidden|submit|button|reset|image|password)$/;
  const TICKED = "[role=checkbox][aria-checked=true],[role=switch][aria-checked=true],[role=radio][aria-checked=true]";
  const SECRET = /passwor[dt]|passphrase|passcode|one.?time|\b[th]?otp\b|\b[2m]fa\b|(verification|security).?code|\bcv[cv]2?\b|\bcsc\b|card.?(number|no\b|code)/i;
  // A field of a form may be called like what is asked of the form, so nothing is asked of it by name.
  const matches = (el, selector) => Element.prototype.matches.call(el, selector);
  const elementsOf = (form) => Object.getOwnPropertyDescriptor(HTMLFormElement.prototype, "elements").get.call(form);

  function formOf(el) {
    if (/^(BUTTON|INPUT)$/.test(el.tagName) && el.form) return el.form;
    for (let at = el; at; at = eyes.parentOf(at)) if (matches(at, HOLDERS)) return at;
    return null;
  }

  function* within(node) {
    for (const child of eyes.childrenOf(node)) if (child.nodeType === 1) { yield child; yield* within(child); }
  }

  const isTick = (el) => el.tagName === "INPUT" && /^(checkbox|radio)$/.test(el.type);
  const called = (el) => eyes.cut(eyes.fieldLabelOf(el, "") || eyes.nameOf(el, eyes.roleOf(el)) || eyes.attribute(el, "name"), 80).replace(/[\s:*]+$/, "");

  // What stands over a group of choices.
  function groupOf(el) {
    for (let at = eyes.parentOf(el); at && at.tagName !== "FORM"; at = eyes.parentOf(at))
      if (matches(at, "fieldset,[role=group],[role=radiogroup]")) return eyes.cut(eyes.nameOf(at, "group"), 80);
    return eyes.attribute(el, "name");
  }

  function isSeen(el) {
    return eyes.visible(el) || (/^(checkbox|radio|file)$/.test(el.type) && [...(el.labels || [])].some((label) => eyes.visible(label)));
  }

  function isSecret(el) {
    const words = [eyes.attribute(el, "name"), el.id, eyes.labelOf(el), eyes.attribute(el, "placeholder")].join(" ").replace(/[_-]/g, " ");
    return eyes.isSecret(el) || eyes.boxes(el).length > 0 || SECRET.test(words);
  }

  // Label and value, or null for what is not sent or not shown.
  function said(el) {
    const rich = el.isContentEditable && !(el.parentElement && el.parentElement.isContentEditable);
    if (!eyes.isField(el) && !rich && !matches(el, TICKED)) return null;
    if (UNTYPED.test(el.type) || matches(el, ":disabled") || !isSeen(el) || isSecret(el)) return null;
    if (isTick(el) && !el.checked) return null;
    if (el.type === "radio" || eyes.roleOf(el) === "radio") return [groupOf(el), called(el)];
    if (isTick(el) || matches(el, TICKED)) return [called(el), "yes"];
    if (el.type === "file") return [called(el), [...el.files].map((file) => file.name).join(", ")];
    return [called(el), eyes.squeeze(rich ? el.innerText : eyes.valueOf(el))];
  }

  // Every field of the form that an element belongs to and that holds something.
  function sent(el) {
    const form = formOf(el);
    if (!form) return [];
    const fields = new Set(form.tagName === "FORM" ? elementsOf(form) : []);
    for (const one of within(form)) fields.add(one);
    return [...fields].map(said).filter((pair) => pair && pair[1]);
  }

  return { sent };
})();
