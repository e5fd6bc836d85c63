"""Films: a world kept hour by hour, in a container that a page reads without a library.

Hours count from the first measured one, H in all; posts are numbered by their row in the film, P in all. A film of an arm has

- a row an hour: `impressions` (H, candidates), `political`, `everything`: by genuine users in the hour; `reach` (H, candidates): genuine
  accounts that ever saw each candidate; `spent` (H, tactics): EUR so far, at the scale of this world; `queue`, `reviews`: requests that
  wait for the desk, and reviews so far; `stage_posts` (H, stages + 2): live posts of the candidate that wait, are in each stage, and
  have left; those for followers only are in none;
- a row a post, of all that name a candidate or bear the hashtag of one and were live in the film, were in a feed that is kept, or were
  acted on: `post_author`, `_hour` (negative before the film), `_second`, `_topic` (128 is 1), `_candidate` (-1 none), `_hashtag`,
  `_sound`, `_disclosed`, `_followers_only`, and as no record says: `_cause` (0 nobody, 1 paid, 2 asked), `_supports`;
- `count_start` (P + 1), and from there to the next post's `count_hour`, `_views`, `_likes`, `_comments`, `_shares`: by how much public
  counters had moved by the end of an hour since the entry before; the first may be of hour -1, for all before the film. Posts about the
  election have an entry for every hour in which something moved, others for hours in which a kept feed shows them;
- `stage_start` (P + 1), `stage_hour`, `stage_value`: changes, of posts about the election that are not for followers only: -2 waits, -1
  has left, else the stage, from 0 (`about.pools`: views that each stage gives a post of an author of mean audience);
- `feed_start` (people + 1), `feed_hour`, `_post`, `_why` (`about.why`), `_flags` (bits of `sim.kernels.reactions`), `_mark` (bits: 1 a
  label was shown, 2 most comments named a candidate; from the third bit on that candidate's number plus 1): in the order shown;
- `act_hour`, `_second`, `_account`, `_post`, `_verb` (`about.verbs`), `_elsewhere` (1: came by a link): all acts on posts
  about the election;
- `decision_hour`, `_action`, `_policy` (names in `about`), `_account`, `_post` (-1 where none), `_genuine` (1: hits a genuine account, or a
  post that nobody paid or asked for); `payment_hour`, `_tactic`, `_account`, `_cents`;
- a row a node of the graph: `saw_hour` (65535 never), when that account first saw the candidate (0 also where it had before the film), and
  `saw_why`: as `feed_why`, 5 where the post did not come by the feed of a measured hour.

The film of one account's feed has `feed_`, `post_` and `count_` columns: with `about.own_posts` the posts are its own rows. A cast has
a row an account as the film begins: `registered` and `last_active` (hours, mostly negative; one that is still to be opened has its hour),
`followers`, `community`, and as no record says: `kind` (`about.kinds`), `fan`, `returner`, `interest`.
"""

from sim.runs.film.camera import FilmedWorld as FilmedWorld
from sim.runs.film.camera import Wanted as Wanted
from sim.runs.film.camera import film_world as film_world
from sim.runs.film.container import Film as Film
from sim.runs.film.container import packed as packed
from sim.runs.film.container import read_film as read_film
from sim.runs.film.container import unpacked as unpacked
from sim.runs.film.everybody import feed_of as feed_of
from sim.runs.film.live import last_hour as last_hour
from sim.runs.film.opening import Openings as Openings
from sim.runs.film.scouting import Scouted as Scouted
from sim.runs.film.scouting import scout as scout
