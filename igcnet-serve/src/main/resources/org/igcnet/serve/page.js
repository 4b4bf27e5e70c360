
"use strict";
const at = id => document.getElementById(id);
const percent = share => (100 * share).toFixed(share < .1 ? 2 : 1) + "%";
let asked = 0;
let shown = "";

function refuse(sentence) {
  at("found").hidden = true;
  at("error").textContent = sentence;
  at("error").hidden = false;
}

function bar({ label, probability }) {
  const row = document.createElement("li");
  const name = row.appendChild(document.createElement("span"));
  const share = row.appendChild(document.createElement("span"));
  const length = row.appendChild(document.createElement("i"));
  name.textContent = label;
  share.textContent = percent(probability);
  length.style.width = 100 * probability + "%";
  return row;
}

function show(file, answer) {
  URL.revokeObjectURL(shown);
  shown = URL.createObjectURL(file);
  at("picture").src = shown;
  at("picture").alt = "The picture " + file.name;
  at("bars").replaceChildren(...answer.predictions.map(bar));
  at("resized").textContent = answer.resized;
  at("error").hidden = true;
  at("found").hidden = false;
  const best = answer.predictions[0];
  at("says").textContent = best.label + ", " + percent(best.probability);
}

async function ask(file) {
  const mine = ++asked;
  at("drop").setAttribute("aria-busy", "true");
  try {
    const response = await fetch("/classify?top=5", { method: "POST", body: file });
    const answer = await response.json();
    if (mine !== asked) return;
    if (response.ok) show(file, answer); else refuse(answer.error);
  } catch (failure) {
    if (mine === asked) refuse("The service cannot be reached: " + failure.message);
  } finally {
    if (mine === asked) at("drop").removeAttribute("aria-busy");
  }
}

function first(files) {
  if (files.length > 0) ask(files[0]);
}

at("file").addEventListener("change", () => first(at("file").files));
addEventListener("dragover", event => { event.preventDefault(); at("drop").classList.add("over"); });
addEventListener("dragleave", event => { if (!event.relatedTarget) at("drop").classList.remove("over"); });
addEventListener("drop", event => { event.preventDefault(); at("drop").classList.remove("over"); first(event.dataTransfer.files); });
addEventListener("paste", event => first(event.clipboardData.files));
document.documentElement.dataset.ready = "yes";
