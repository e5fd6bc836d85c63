"""Sentences of the evidence file that are the same in each."""

HEADINGS = {
    "together": "Accounts that acted together", "awakened": "Accounts that woke from silence", "born": "Accounts created together",
    "joint": "Accounts with two or more of these traces", "copies": "Near copies", "disproportion": "Engagement out of proportion",
    "world": "The whole: so many accounts with traces", "payments": "Payments", "unmarked": "Advertising without a mark",
}  # fmt: skip
VERDICTS = {"said": "Can be said", "said in part": "Can be said in part", "cannot be said": "Cannot be said"}
READING = (
    "<b>A likelihood ratio</b> says how much more often something is seen if the allegation is true than if another explanation is. In "
    "words (ENFSI, 2015): up to 10 weak support, to 100 moderate, to 1,000 moderately strong, to 10,000 strong, above it very strong. It "
    "is given with an interval, and the words are those of the interval's ends.",
    "In the figures an arrow stands where no case was seen and nothing bounds the ratio from above. Left of the black line it speaks for "
    "the other explanation; grey lines part weak, moderate, moderately strong, strong and very strong support.",
    "<b>It is not the probability that the allegation is true.</b> To take 'a thousand times more often among held accounts' for 'a "
    "thousand to one that this account is held' is the prosecutor's fallacy: where few accounts are held, most that show something are "
    "innocent all the same. The tables of base rates say how many.",
    "<b>Base rates.</b> A method that finds 80% of held accounts and hits .1% of the others has a ratio of 800 whatever the world. Among "
    "ten million accounts it is right in 69% of cases where 27,217 are held, and in 8.6% where 1,183 are.",
    "<b>Cannot be said</b> stands where too few show something, where the interval of the ratio covers 1, or where this record does not "
    "hold what is asked. It does not mean that nothing was there.",
    "<b>Who is compared.</b> An account that is held is set against people who acted on posts about the candidate, as each explanation has "
    "them: against those who are recruited where some are, and without a campaign against those who acted on posts about any candidate.",
    "Rates of innocents in a campaign's own worlds count people who follow its calls of their own will: they act together as well. "
    "Precision takes the higher of that rate and the quiet one.",
)
NEVER = (
    "An outsider has a sample of posts, nothing of what was deleted before the first look, and no account's acts before the record "
    "begins: a wakening leaves no trace there. Shares in the table count what was left on that day.",
    "And no record of a platform, not even the whole of it, says who paid, off the platform and in which currency; who held the "
    "accounts; whether those who acted were told to, or wished to; and why anybody voted as they did.",
)
LIMITS = (
    "Accounts have numbers that stand for nobody. The data beside this page: evidence.json (all statements), evidence_accounts.csv "
    "(accounts that a statement names). What was true of this world lies apart, in teaching/, for teaching only.",
)
