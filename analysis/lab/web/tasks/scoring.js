// How well somebody tells campaign from innocent, and which way they lean: d' and c of signal detection, as in analysis/lab/signal.py.
// Stanislaw and Todorov 1999; half a case is added to each count and one to each total (log-linear rule, Hautus 1995).

const CLEAR = 1, SOME = 0.4, LEANING = 0.3;

/** Share of a normal distribution below x: the series of Marsaglia 2004. */
function below(x) {
  let term = x, sum = x;
  for (let n = 3; Math.abs(term) > 1e-17; n += 2) {
    term *= (x * x) / n;
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}

/** The x below which a share of a normal distribution lies, by bisection. */
export function normalQuantile(share) {
  let low = -6, high = 6;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (below(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** {sensitivity: d', bias: c, words: key of what is said of them}. */
export function score(hits, campaigns, falseAlarms, innocents) {
  const hit = normalQuantile((hits + 0.5) / (campaigns + 1)), alarm = normalQuantile((falseAlarms + 0.5) / (innocents + 1));
  const sensitivity = hit - alarm, bias = -(hit + alarm) / 2;
  const well = sensitivity >= CLEAR ? "tells" : sensitivity >= SOME ? "some" : "guesses";
  const leans = bias < -LEANING ? "doubts" : bias > LEANING ? "trusts" : "even";
  return { sensitivity, bias, words: `${well}_${leans}` };
}

/** Counts of some answers: [{is, says}] with "campaign" or "innocent". */
export function counted(answers) {
  const of = (is, says) => answers.filter((one) => one.is === is && (!says || one.says === says)).length;
  return { hits: of("campaign", "campaign"), campaigns: of("campaign"), falseAlarms: of("innocent", "campaign"), innocents: of("innocent") };
}

/** The score of some answers. */
export function scoreOf(answers) {
  const { hits, campaigns, falseAlarms, innocents } = counted(answers);
  return score(hits, campaigns, falseAlarms, innocents);
}
