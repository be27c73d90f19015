// Lets files be dropped anywhere on the page; without it the file input does the same.
const input = document.querySelector("input[data-drop]");
if (input) {
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length) {
      input.files = event.dataTransfer.files;
      input.focus();
    }
  });
}
