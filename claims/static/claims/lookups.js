/* Names to choose from while one types in a filter of the list of claims; without it a whole name is typed. */
(() => {
  "use strict";
  const FIELDS = ["topic", "question", "speaker", "side", "source", "publisher"];
  const PAUSE = 200;
  const form = document.querySelector("form[data-look-up]");
  if (!form) return;

  const offer = (input) => {
    const list = document.createElement("datalist");
    list.id = `${input.id}-names`;
    input.after(list);
    input.setAttribute("list", list.id);
    let waiting = 0;
    input.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(async () => {
        const query = new URLSearchParams({
          app_label: "claims", model_name: "claimstate", field_name: input.name, term: input.value,
        });
        const response = await fetch(`${form.dataset.lookUp}?${query}`);
        if (!response.ok) return;
        const found = await response.json();
        list.replaceChildren(...found.results.map(({ text }) => new Option(text, text)));
      }, PAUSE);
    });
  };

  for (const name of FIELDS) {
    const input = form.querySelector(`input[name="${name}"]`);
    if (input) offer(input);
  }
})();
