/* Sends what the forms of the page of the API say, and shows the answer; without it the page is there to be read. */
(() => {
  "use strict";
  const token = document.querySelector("form[data-token]");
  if (!token) return;
  token.addEventListener("submit", (event) => event.preventDefault());

  const values = (form, place) => {
    const found = [];
    for (const input of form.querySelectorAll(`[data-in="${place}"]`)) {
      const chosen = input.multiple ? [...input.selectedOptions].map((each) => each.value) : [input.value];
      for (const value of chosen) if (value !== "") found.push([input.dataset.name, value]);
    }
    return found;
  };

  const headers = (form, body) => {
    const sent = new Headers();
    for (const [name, value] of values(form, "header")) {
      // Letters beyond Latin-1 go as the bytes of their UTF-8.
      sent.set(name, String.fromCharCode(...new TextEncoder().encode(value)));
    }
    if (body) sent.set("Content-Type", "application/json");
    const secret = token.querySelector("input[type=password]").value.trim();
    if (secret) sent.set("Authorization", `Token ${secret}`);
    else if (form.dataset.method !== "GET") sent.set("X-CSRFToken", token.querySelector("[name=csrfmiddlewaretoken]").value);
    return sent;
  };

  const show = (box, status, text) => {
    box.hidden = false;
    box.querySelector(".api-status").textContent = status;
    box.querySelector("code").textContent = text;
  };

  const told = async (response) => {
    const text = await response.text();
    if (!(response.headers.get("Content-Type") || "").includes("json")) return text;
    return JSON.stringify(JSON.parse(text), null, 2);
  };

  for (const form of document.querySelectorAll("form[data-path]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      let path = form.dataset.path;
      for (const [name, value] of values(form, "path")) path = path.replace(`{${name}}`, encodeURIComponent(value));
      const query = new URLSearchParams(values(form, "query")).toString();
      const body = form.querySelector("[data-body]")?.value;
      const box = form.parentElement.querySelector("[data-answer]");
      const request = { method: form.dataset.method, headers: headers(form, body), body, cache: "no-store" };
      try {
        const response = await fetch(query ? `${path}?${query}` : path, request);
        const tag = response.headers.get("ETag");
        const status = `${response.status} ${response.statusText}${tag ? ` · ETag: ${tag}` : ""}`;
        show(box, status, response.status === 304 ? "" : await told(response));
        box.scrollIntoView({ block: "nearest" });
      } catch (error) {
        show(box, "", String(error));
      }
    });
  }
})();
