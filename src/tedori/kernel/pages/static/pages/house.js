// Small enhancements; every page works without them.
document.documentElement.classList.add("scripted");
const button = document.querySelector(".menu-button");
const menus = document.getElementById("menus");
if (button && menus && menus.children.length) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const open = menus.classList.toggle("open");
    button.setAttribute("aria-expanded", String(open));
  });
}
// What is folded away on a phone stands open where there is room.
if (window.matchMedia("(min-width: 64em)").matches) {
  for (const folded of document.querySelectorAll("details[data-wide]")) folded.open = true;
}
