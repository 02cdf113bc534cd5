// A kit of elements, drawn anew: the number is a list, the days are rows, the question covers the page.
const skin = `<style>* { box-sizing: border-box; } :host { font: inherit; } select, button { font: inherit; padding: 9px 12px; border: 2px solid #33261a; background: #fffdf6; color: #33261a; cursor: pointer; }`;
class Field extends HTMLElement {
  static formAssociated = true;
  #form = this.attachInternals();
  set value(value) { this.kept = value; this.#form.setFormValue(value); }
  get value() { return this.kept; }
}
customElements.define("gc-amount", class extends Field {
  connectedCallback() {
    const root = this.attachShadow({ mode: "open" });
    root.innerHTML = `${skin}</style><label>Pieces <input aria-label="How many ${this.dataset.title}" type="number" min="1" max="${this.getAttribute("max")}" value="1" style="width:64px;font:inherit;padding:8px;border:2px solid #33261a"></label>`;
    const field = root.querySelector("input");
    this.value = "1";
    field.oninput = () => { this.value = field.value; };
    window.truth?.(field, "quantity", this.dataset.k);
  }
});
customElements.define("gc-day", class extends Field {
  connectedCallback() {
    const root = this.attachShadow({ mode: "open" }), first = new Date(`${this.getAttribute("first")}T12:00:00`);
    root.innerHTML = `${skin} nav { display: flex; gap: 8px; margin-bottom: 8px; align-items: center; } table { border-collapse: collapse; background: #fffdf6; } td { border: 1px solid #d6c8ae; width: 44px; height: 40px; text-align: center; cursor: pointer; } td.no { color: #bbb09b; cursor: default; } td.yes { background: #d9822b; color: #fff; }</style><nav><button type="button" part="b">Previous month</button><strong></strong><button type="button">Next month</button></nav><table><tbody></tbody></table>`;
    const [back, on] = root.querySelectorAll("button");
    let at = this.getAttribute("value") ? new Date(`${this.getAttribute("value")}T12:00:00`) : first;
    this.value = this.getAttribute("value") || "";
    const draw = () => {
      root.querySelector("strong").textContent = at.toLocaleDateString("en-GB", { month: "long", year: "numeric" });
      const body = root.querySelector("tbody"), day = new Date(at.getFullYear(), at.getMonth(), 1, 12), month = day.getMonth();
      body.replaceChildren();
      for (let row = body.insertRow(), pad = (day.getDay() + 6) % 7; pad; pad -= 1) row.insertCell();
      for (; day.getMonth() === month; day.setDate(day.getDate() + 1)) {
        const row = day.getDay() === 1 || !body.rows.length ? body.insertRow() : body.rows[body.rows.length - 1], cell = row.insertCell();
        const iso = `${day.getFullYear()}-${String(month + 1).padStart(2, "0")}-${String(day.getDate()).padStart(2, "0")}`;
        const off = iso < this.getAttribute("first") || iso > this.getAttribute("last") || day.getDay() === 0;
        cell.textContent = day.getDate();
        cell.setAttribute("role", "button");
        cell.setAttribute("aria-label", `${day.toLocaleDateString("en-GB", { weekday: "long" })} ${day.getDate()} ${day.toLocaleDateString("en-GB", { month: "long", year: "numeric" })}`);
        cell.className = off ? "no" : iso === this.value ? "yes" : "";
        window.truth?.(cell, "day", iso);
        if (!off) cell.onclick = () => { this.value = iso; draw(); };
      }
    };
    const turn = (by) => { at = new Date(at.getFullYear(), at.getMonth() + by, 1, 12); draw(); };
    back.onclick = () => turn(-1);
    on.onclick = () => turn(1);
    window.truth?.(back, "month-back");
    window.truth?.(on, "month-on");
    draw();
  }
});
customElements.define("gc-privacy", class extends HTMLElement {
  connectedCallback() {
    const root = this.attachShadow({ mode: "open" });
    root.innerHTML = `${skin} .veil { position: fixed; inset: 0; background: #33261acc; display: grid; place-items: center; z-index: 99; padding: 16px; } .box { background: #fffdf6; padding: 30px; max-width: 420px; border: 3px solid #33261a; } .ok { background: #d9822b; border-color: #d9822b; color: #fff; }</style><div class="veil"><div class="box" role="alertdialog" aria-label="Privacy"><h3>Before you look around</h3><p>May we count your visit?</p><button class="ok" data-a="all">Accept all</button> <button data-a="needed">Only what is needed</button></div></div>`;
    root.querySelectorAll("[data-a]").forEach((made) => {
      window.truth?.(made, "consent", made.dataset.a);
      made.onclick = () => fetch("/consent", { method: "POST", body: new URLSearchParams({ answer: made.dataset.a }) }).then(() => this.remove());
    });
  }
});
