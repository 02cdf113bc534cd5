document.querySelectorAll("[data-suggest]").forEach((field) => {
  const box = document.querySelector(`[data-for="${field.name}"]`);
  field.oninput = async () => {
    const typed = field.value, found = await (await fetch(`/places?q=${encodeURIComponent(typed)}`)).json();
    if (typed !== field.value) return;
    box.innerHTML = "";
    for (const { key, title, street } of found) {
      const made = Object.assign(document.createElement("button"), { type: "button", textContent: title });
      made.append(Object.assign(document.createElement("small"), { textContent: ` ${street}` }));
      window.truth?.(made, "place", key);
      made.onclick = () => { field.value = title; box.innerHTML = ""; };
      box.append(made);
    }
  };
});
