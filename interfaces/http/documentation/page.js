const wanted = document.querySelector("input");
wanted.addEventListener("input", () => {
  const words = wanted.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const each of document.querySelectorAll("[data-words]")) {
    each.hidden = !words.every((word) => each.dataset.words.includes(word));
  }
  for (const each of document.querySelectorAll("section")) {
    each.hidden = !each.querySelector("[data-words]:not([hidden])");
  }
});
const open = () => {
  const found = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (found instanceof HTMLDetailsElement) found.open = true;
};
addEventListener("hashchange", open);
open();
