// The body is a sheet that is written on; its text goes along when the form is sent.
const form = document.getElementById("letter");
const sheet = form.querySelector("[contenteditable]");
form.addEventListener("submit", () => { form.elements.body.value = sheet.innerText; });
sheet.addEventListener("paste", (event) => {
  event.preventDefault();
  document.execCommand("insertText", false, event.clipboardData.getData("text/plain"));
});
