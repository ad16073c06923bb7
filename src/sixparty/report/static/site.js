// Comfort only: every page reads and works without it. It copies citations and narrows long tables.
"use strict";
(() => {
  const words = document.documentElement.lang === "ko"
    ? { copy: "복사", copied: "복사함", narrow: "이 표에서 찾기" }
    : { copy: "Copy", copied: "Copied", narrow: "Narrow down this table" };

  const copyable = (text, after) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy quiet";
    button.textContent = words.copy;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text);
      } catch {
        const range = document.createRange();
        range.selectNodeContents(after);
        const selection = getSelection();
        selection.removeAllRanges();
        selection.addRange(range);
        document.execCommand("copy");
      }
      button.textContent = words.copied;
      setTimeout(() => { button.textContent = words.copy; }, 2000);
    });
    after.after(button);
  };
  if (navigator.clipboard) document.querySelectorAll(".cite").forEach((cite) => copyable(cite.textContent.trim(), cite));

  document.querySelectorAll("table.narrow-down").forEach((table, place) => {
    const rows = [...table.tBodies[0].rows];
    if (rows.length < 12) return;
    const label = document.createElement("label");
    const field = document.createElement("input");
    label.className = "narrow-label";
    label.textContent = `${words.narrow} `;
    field.type = "search";
    field.id = `narrow-${place}`;
    label.append(field);
    field.addEventListener("input", () => {
      const asked = field.value.toLowerCase();
      rows.forEach((row) => { row.hidden = !row.textContent.toLowerCase().includes(asked); });
    });
    table.before(label);
  });

  // a link into a folded part opens it
  const unfold = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let part = target; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
  };
  addEventListener("hashchange", unfold);
  unfold();
})();
