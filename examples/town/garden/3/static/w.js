// Elements within elements: a card holds a stepper, each in a root of its own.
const css = (text) => `<style>*{box-sizing:border-box}${text}</style>`;
const make = (host, html) => { const root = host.attachShadow({ mode: "open" }); root.innerHTML = html; return (selector) => root.querySelector(selector); };
customElements.define("x-step", class extends HTMLElement {
  connectedCallback() {
    const find = make(this, `${css("div{display:flex;justify-content:space-between;align-items:center;background:#f1f1ee;border-radius:99px;padding:4px}i{width:36px;height:36px;border-radius:50%;background:#fff;display:grid;place-items:center;cursor:pointer;font-style:normal}input{width:50px;text-align:center;border:0;background:none;font:inherit}")}<div><i>−</i><input value="1"><i>+</i></div>`);
    const field = find("input"), [less, more] = this.shadowRoot.querySelectorAll("i");
    this.amount = () => field.value;
    less.onclick = () => { field.value = Math.max(1, Number(field.value) - 1); };
    more.onclick = () => { field.value = Math.min(12, Number(field.value) + 1); };
    for (const [made, truth] of [[less, "fewer"], [more, "more"], [field, "quantity"]]) window.truth?.(made, truth, this.dataset.k);
  }
});
customElements.define("x-plant", class extends HTMLElement {
  connectedCallback() {
    const { k, title, price } = this.dataset;
    const find = make(this, `${css(":host{display:block}article{background:#fff;border-radius:28px;padding:22px;display:grid;gap:12px}h4{margin:0;font-size:1.3rem;letter-spacing:-.02em}span{color:#5c5c55}a{background:#16c25b;color:#06200f;text-align:center;border-radius:99px;padding:12px;font-weight:800;cursor:pointer;display:block}")}<article><slot></slot><h4>${title}</h4><span>${price}</span><x-step data-k="${k}"></x-step><a>Grab</a></article>`);
    window.truth?.(find("a"), "add", k);
    find("a").onclick = async () => { await fetch("/basket/add", { method: "POST", body: new URLSearchParams({ plant: k, quantity: find("x-step").amount() }) }); location.href = "/basket"; };
  }
});
customElements.define("x-days", class extends HTMLElement {
  static formAssociated = true;
  connectedCallback() {
    const form = this.attachInternals(), find = make(this, `${css("div{display:flex;gap:8px;flex-wrap:wrap;margin-bottom:10px}button{font:inherit;border:0;border-radius:18px;padding:10px 14px;background:#fff;cursor:pointer}button.on{background:#16c25b}button:disabled{opacity:.35}")}<div id="m"></div><div id="d"></div>`);
    const days = [];
    for (const day = new Date(`${this.getAttribute("first")}T12:00:00Z`); day.toISOString().slice(0, 10) <= this.getAttribute("last"); day.setUTCDate(day.getUTCDate() + 1)) days.push(new Date(day));
    const months = [...new Set(days.map((day) => day.toISOString().slice(0, 7)))];
    let month = 0;
    const name = (day, parts) => day.toLocaleDateString("en-GB", { timeZone: "UTC", ...parts });
    const draw = (chosen) => {
      find("#m").replaceChildren();
      [["back", -1, "‹"], ["on", 1, "›"]].forEach(([truth, by, text]) => {
        const made = Object.assign(document.createElement("button"), { type: "button", textContent: text, disabled: !months[month + by] });
        window.truth?.(made, `month-${truth}`);
        made.onclick = () => { month += by; draw(chosen); };
        find("#m").append(made);
        if (by < 0) find("#m").append(Object.assign(document.createElement("b"), { textContent: name(new Date(`${months[month]}-01T12:00:00Z`), { month: "long" }) }));
      });
      find("#d").replaceChildren(...days.filter((day) => day.toISOString().startsWith(months[month])).map((day) => {
        const iso = day.toISOString().slice(0, 10), made = Object.assign(document.createElement("button"), { type: "button", textContent: name(day, { weekday: "short", day: "numeric" }), disabled: day.getUTCDay() === 0, className: iso === chosen ? "on" : "" });
        window.truth?.(made, "day", iso);
        made.onclick = () => { form.setFormValue(iso); draw(iso); };
        return made;
      }));
    };
    draw("");
  }
});
customElements.define("x-ask", class extends HTMLElement {
  connectedCallback() {
    make(this, `${css(":host{position:fixed;right:20px;bottom:20px;z-index:5}div{background:#06200f;color:#fff;border-radius:28px;padding:22px;max-width:300px}i{font-style:normal;text-decoration:underline;cursor:pointer;margin-right:16px}")}<div><p>Cookies? They are counted, not baked.</p><i data-a="all">Fine</i><i data-a="needed">No thanks</i></div>`);
    this.shadowRoot.querySelectorAll("i").forEach((made) => { window.truth?.(made, "consent", made.dataset.a); made.onclick = () => fetch("/consent", { method: "POST", body: new URLSearchParams({ answer: made.dataset.a }) }).then(() => this.remove()); });
  }
});
