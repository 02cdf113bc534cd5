for (const holder of document.querySelectorAll("._i[data-q]")) {
  const field = holder.querySelector("input"), list = holder.querySelector("ul");
  let wait = 0;
  field.oninput = () => {
    clearTimeout(wait);
    wait = setTimeout(async () => {
      const found = await (await fetch(`/places?q=${encodeURIComponent(field.value)}`)).json();
      list.replaceChildren(...found.map(({ key, title, street }) => {
        const made = Object.assign(document.createElement("li"), { textContent: `${title} · ${street}` });
        window.truth?.(made, "place", key);
        made.onmousedown = (event) => { event.preventDefault(); field.value = title; list.replaceChildren(); };
        return made;
      }));
    }, 80);
  };
}
document.querySelectorAll("[data-go]").forEach((made) => { made.onclick = () => { location.href = made.dataset.go; }; });
const tabs = [...document.querySelectorAll("._tg span")], time = document.querySelector("._t");
tabs.forEach((tab, place) => { tab.onclick = () => { tabs.forEach((each) => each.classList.toggle("_o", each === tab)); time.classList.toggle("_o", place === 1); if (!place) time.querySelector("input").value = ""; }; });
