// Custom elements with open shadow roots: a number, a day, a question about cookies.
const sheet = `<style>:host { display: inline-block; font: inherit; color: inherit; } button { font: inherit; color: inherit; cursor: pointer; border: 1px solid #b6cfae; background: #fff; border-radius: 8px; min-width: 38px; height: 38px; padding: 0 10px; } button:hover:enabled { background: #eaf5e4; } button:disabled { opacity: .35; } :focus-visible { outline: 3px solid #8fca7c; }`;
class Part extends HTMLElement {
  static formAssociated = true;
  constructor() { super(); this.parts = this.attachInternals(); this.attachShadow({ mode: "open" }); }
  set value(value) { this.now = String(value); this.parts.setFormValue(this.now); }
  get value() { return this.now; }
  find(selector) { return this.shadowRoot.querySelector(selector); }
}
customElements.define("quantity-picker", class extends Part {
  connectedCallback() {
    this.shadowRoot.innerHTML = `${sheet} div { display: flex; gap: 6px; align-items: center; } input { width: 46px; text-align: center; font: inherit; height: 38px; border: 1px solid #b6cfae; border-radius: 8px; }</style><div><button type="button" id="fewer" aria-label="Fewer">−</button><input aria-label="${this.getAttribute("label")}" inputmode="numeric"><button type="button" id="more" aria-label="More">+</button></div>`;
    const input = this.find("input"), set = (n) => { this.value = Math.max(1, Math.min(Number(this.getAttribute("max")), n || 1)); input.value = this.value; };
    input.onchange = () => set(Number(input.value));
    input.oninput = () => { this.value = input.value; };
    this.find("#fewer").onclick = () => set(Number(input.value) - 1);
    this.find("#more").onclick = () => set(Number(input.value) + 1);
    set(1);
    const plant = this.dataset.plant;
    for (const [made, truth] of [[input, "quantity"], [this.find("#fewer"), "fewer"], [this.find("#more"), "more"]]) window.truth?.(made, truth, plant);
  }
});
customElements.define("day-picker", class extends Part {
  connectedCallback() {
    this.value = this.getAttribute("value") || "";
    this.at = new Date(`${this.value || this.getAttribute("first")}T12:00:00`);
    this.shadowRoot.innerHTML = `${sheet} header { display: flex; justify-content: space-between; align-items: center; margin-bottom: 8px; } .days { display: grid; grid-template-columns: repeat(7, 38px); gap: 4px; } .days button { padding: 0; min-width: 0; } [aria-pressed=true] { background: #2f6f36; color: #fff; }</style><header><button type="button" id="back" aria-label="Previous month">‹</button><b></b><button type="button" id="on" aria-label="Next month">›</button></header><div class="days" role="group" aria-label="Days"></div>`;
    this.find("#back").onclick = () => this.turn(-1);
    this.find("#on").onclick = () => this.turn(1);
    window.truth?.(this.find("#back"), "month-back");
    window.truth?.(this.find("#on"), "month-on");
    this.turn(0);
  }
  turn(by) {
    this.at = new Date(this.at.getFullYear(), this.at.getMonth() + by, 1, 12);
    this.find("b").textContent = this.at.toLocaleDateString("en-GB", { month: "long", year: "numeric" });
    const days = this.find(".days"), day = new Date(this.at);
    for (days.replaceChildren(); day.getMonth() === this.at.getMonth(); day.setDate(day.getDate() + 1)) {
      const made = document.createElement("button"), iso = new Date(day.getTime() - day.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
      made.type = "button";
      made.textContent = day.getDate();
      made.setAttribute("aria-label", `${day.toLocaleDateString("en-GB", { weekday: "long" })} ${day.getDate()} ${day.toLocaleDateString("en-GB", { month: "long", year: "numeric" })}`);
      made.setAttribute("aria-pressed", String(iso === this.value));
      made.disabled = iso < this.getAttribute("first") || iso > this.getAttribute("last") || day.getDay() === 0;
      if (day.getDate() === 1) made.style.gridColumnStart = ((day.getDay() + 6) % 7) + 1;
      window.truth?.(made, "day", iso);
      made.onclick = () => { this.value = iso; this.turn(0); };
      days.append(made);
    }
  }
});
customElements.define("cookie-consent", class extends HTMLElement {
  connectedCallback() {
    const root = this.attachShadow({ mode: "open" });
    root.innerHTML = `${sheet} :host { position: fixed; left: 0; right: 0; bottom: 0; z-index: 9; } section { background: #1e3322; color: #fff; padding: 18px 26px; display: flex; gap: 16px; align-items: center; flex-wrap: wrap; } p { margin: 0; flex: 1; min-width: 220px; } button { color: #1e3322; } #all { background: #b9e3a8; }</style><section role="dialog" aria-label="Cookies"><p>We use cookies, also for counting visitors. Is that all right?</p><button id="needed">Only what is needed</button><button id="all">Accept all</button></section>`;
    for (const button of root.querySelectorAll("button")) {
      window.truth?.(button, "consent", button.id);
      button.onclick = async () => { await fetch("/consent", { method: "POST", body: new URLSearchParams({ answer: button.id }) }); this.remove(); };
    }
  }
});
