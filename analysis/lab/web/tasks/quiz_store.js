// Answers to the quiz stay on this device: in the browser's own storage, or only as long as the page is open where it has none.

const open = new Map();

const keyOf = (lab) => `groundswell-quiz-${lab.reel.quiz.before.length}-${lab.reel.quiz.before[0].timeline.slice(0, 48)}`;

/** {before: {item: {says, sure}}, after: {...}} as far as it was answered here. */
export function keptOf(lab) {
  const key = keyOf(lab);
  if (open.has(key)) return open.get(key);
  try {
    const found = JSON.parse(localStorage.getItem(key) ?? "{}");
    return found && typeof found === "object" ? found : {};
  } catch {
    return {};
  }
}

/** Keep answers. */
export function keep(lab, answers) {
  open.set(keyOf(lab), answers);
  try {
    localStorage.setItem(keyOf(lab), JSON.stringify(answers));
  } catch {
    // A browser without storage: they are kept while the page is open.
  }
}
