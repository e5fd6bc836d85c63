// Where a student types the code that stands on the teacher's screen.

import { el, fresh } from "lab/parts.js";
import { keepToken } from "lab/token.js";

/** Show the form in `page`; `then` is called once the code was right. */
export function joinPage(lab, page, then) {
  const id = fresh("code"), said = el("p", { role: "alert" });
  const code = el("input", { id, name: "code", autocomplete: "off", required: true, autocapitalize: "characters", spellcheck: "false", maxlength: "12" });
  const send = async (event) => {
    event.preventDefault();
    said.textContent = "";
    try {
      keepToken((await lab.server.ask("/join", { code: code.value.trim() })).token);
    } catch (error) {
      said.textContent = error.message;
      return code.focus();
    }
    return then();
  };
  document.body.dataset.ready = "join";
  if (!lab.server.shared) return page.replaceChildren(el("main", { class: "join" }, el("h1", {}, lab.t("ui.title")), el("p", {}, lab.t("teacher.not_shared"))));
  page.replaceChildren(el("main", { class: "join" },
    el("h1", {}, lab.t("ui.title")), el("p", {}, lab.t("ui.join")),
    el("form", { on: { submit: send } }, el("label", { for: id }, lab.t("ui.code")), code, el("button", {}, lab.t("ui.join_in"))), said));
  return code.focus();
}
