// Datasette says neither its language, nor where its content begins, nor what its fields are for.
document.documentElement.lang = "en";
addEventListener("load", () => {
  document.querySelector("section.content")?.setAttribute("role", "main");
  for (const field of document.querySelectorAll("input:not([type=hidden], [type=submit]), select, textarea")) {
    if (!field.labels.length && !field.getAttribute("aria-label")) {
      field.setAttribute("aria-label", (field.name || field.id || "sql").replaceAll("_", " ").trim());
    }
  }
});
