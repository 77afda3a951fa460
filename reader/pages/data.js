// Datasette says neither its language, nor where its content begins, nor what its fields are for.
document.documentElement.lang = "en";
addEventListener("load", () => {
  document.querySelector("section.content")?.setAttribute("role", "main");
  // A row whose key is bytes is linked to a page that Datasette does not find: /versions/originals/b~27~5Cx0f~27
  for (const link of document.querySelectorAll("td.type-pk a")) {
    if (/\/b~2[27][^/]*$/.test(link.pathname)) link.replaceWith(link.textContent);
  }
  for (const field of document.querySelectorAll("input:not([type=hidden], [type=submit]), select, textarea")) {
    if (!field.labels.length && !field.getAttribute("aria-label")) {
      field.setAttribute("aria-label", (field.name || field.id || "sql").replaceAll("_", " ").trim());
    }
  }
});
