"""The model in plain Python: one Mesa agent a user, one object a post, one draw at a time.

This is the specification. The array engine in `sim` must agree with it exactly, event by event, on small worlds
(`test_twin.py`). It is slow on purpose and shares with the engine only what is data: the population, the content of a
post, the actors, and the tables of `sim.numbers.arithmetic`. Recommenders are in `plain_staged.py`, `plain_ranked.py`,
`plain_chronological.py` and `plain_menu.py`. Moderation is not part of it: the default model has none.
"""

import mesa
import numpy as np

from sim.numbers.arithmetic import EXPONENTIAL, units
from sim.numbers.luck import MASK, Chance, Decision, PairDraw, chain, draw, key_of, pair_key, threshold
from sim.scenario.config import Scenario
from sim.world.actions import Actions, Engage, Publish
from sim.world.content import CATALOGUE, GENERIC, OWN, content
from sim.world.platform import COMMENT, FOLLOW, LIKE, SHARE
from sim.world.world import new_world
from tests.reference.plain_actors import candidate_account, hire, public
from tests.reference.plain_chronological import PlainChronological
from tests.reference.plain_circles import Gathering
from tests.reference.plain_factorised import PlainBridging, PlainCollaborative
from tests.reference.plain_menu import PlainMenu
from tests.reference.plain_mix import PlainMix
from tests.reference.plain_people import BITS, CARRIED, WATCHED, Feed, Post, User
from tests.reference.plain_ranked import PlainRanked
from tests.reference.plain_staged import PlainStaged
from tests.reference.plain_weights import PlainWeights

LIVE_HOURS = 240  # age from which posts retire, once a day
RECOMMENDERS = {
    "StagedAudience": PlainStaged,
    "Popularity": PlainRanked,
    "Interest": PlainRanked,
    "Chronological": PlainChronological,
    "Menu": PlainMenu,
    "Collaborative": PlainCollaborative,
    "Bridging": PlainBridging,
    "EngagementWeights": PlainWeights,
    "Mix": lambda model: PlainMix(model, RECOMMENDERS),
}


Act = tuple[
    int, Post, int, int, bool
]  # account, post, verb, second, whether it came to the post otherwise than by its feed


def hidden_key(seed: int, hour: int, purpose: int, author: int, place: int) -> int:
    """The key of a post: two keys about it, each of which hides the other."""
    one = chain(chain(key_of(seed, Decision.POST, hour, purpose), author), place)
    return one ^ chain(chain(key_of(Decision.HIDDEN, seed, hour, purpose), author), place)


class PlainModel(mesa.Model):
    """The world as a paper would tell it. `events` holds (hour, user, post key, lane, reaction) of every impression."""

    def __init__(self, scenario: Scenario) -> None:
        super().__init__(rng=scenario.seed)
        self.rules = scenario
        self.clock = scenario.clock
        self.opening = new_world(scenario)
        self.seed = scenario.seed
        self.hour = 0
        platform = self.opening.platform
        self.users = platform.users
        self.blocks = [int(b) for b in platform.community_blocks]
        self.first_block = [int(b) for b in platform.community_first_block]
        self.people = [User(self, number) for number in range(len(platform.accounts.status))]
        self.posts: list[Post] = []
        self.first = 0  # number of the oldest post that is still shown
        self.events: list[tuple[int, int, int, int, int]] = []
        self.community_of = [c for c, blocks in enumerate(self.blocks) for _ in range(blocks)]
        self.appeal = [0] * len(scenario.population.candidates)
        self.recommender = RECOMMENDERS[type(scenario.recommender).__name__](self)
        self.log: list[Act] = []
        self.late: list[Act] = []  # acts of sessions that went on past the hour before
        self.coming: list[Act] = []  # what members of circles will do, by the second since the world began
        self.gather = Gathering(self)
        hire(self)
        for place in range(scenario.population.catalogue_posts):
            self.publish_from_catalogue(place)

    # --- the hour -------------------------------------------------------------------------------------------------

    def step(self) -> None:
        """One hour, in the order of the engine's step."""
        self.posts_retire()
        self.late_acts_are_counted()
        actions = self.actors_act()
        self.orders = actions.meet
        self.people_change_their_minds(actions)
        self.posts_appear(actions)
        self.actors_engage(actions)
        self.circles_come()
        self.comments_speak()
        for post in self.posts:
            post.likes_at_open, post.spoken_at_open = post.count[LIKE], post.spoken_of
        sessions = self.people_open_the_app()
        feeds = self.recommender.rank(sessions)
        reactions = self.people_react(feeds)
        self.engagement_is_counted(feeds, reactions)
        self.people_look_up(feeds, reactions)
        self.log.sort(key=lambda act: (act[3], act[0], act[1].number, act[2]))
        self.shares_reach_friends()
        self.recommender.learn(feeds, reactions)
        self.hour += 1

    @property
    def live(self) -> list[Post]:
        """Posts that are not too old to be shown."""
        return self.posts[self.first :]

    def posts_retire(self) -> None:
        """Once a day the oldest posts retire; the app keeps them for nobody."""
        if self.hour % 24 == 0:
            self.first = sum(post.hour < self.hour - LIVE_HOURS for post in self.posts)
            for user in self.people:
                user.forget(set(self.posts[: self.first]))

    def actors_act(self) -> Actions:
        """Everyone who seeks attention acts on the same public moment."""
        seen, total = public(self), Actions()
        for actor in [*self.officials, self.headquarters]:
            total.extend(actor.act(seen, self.hour, Chance(self.seed, Decision.ACTOR, self.hour)))
        return total

    def people_change_their_minds(self, actions: Actions) -> None:
        """A surge of real sympathy: better liked, and supported by some who supported nobody."""
        for account in actions.wake:
            self.people[account].returns = min(self.people[account].returns, self.hour)
        for change in actions.sway:
            self.appeal[change.candidate] = units(change.appeal)
            for user in self.people:
                luck = chain(key_of(self.seed, Decision.SWAY), user.number)
                if user.supports < 0 and luck < threshold(change.supporters):
                    user.supports = change.candidate

    def orders_are_obeyed(self, actions: Actions) -> list[Engage]:
        """Comments, some seconds after they appear, on new posts that have a hashtag and name nobody."""
        comments, chance = [], Chance(self.seed, Decision.ORDER, 0)
        for order in actions.orders:
            for post in self.live:
                if post.hashtag != order.hashtag or post.candidate >= 0 or post.hour < self.hour - 1:
                    continue
                for account in order.accounts:
                    delay = order.first + int(order.spread * chance.uniform(2, account, post.key))
                    second = post.second + delay - 3600 * (self.hour - post.hour)
                    if 0 <= second < 3600 and chance.happens(order.share, 1, account, post.key):
                        comments.append(Engage(account, post.number, second, COMMENT, order.candidate))
        return comments

    def posts_appear(self, actions: Actions) -> None:
        """Ordinary authors by the daily cycle, supporters sometimes about their candidate; then what actors want."""
        population = self.rules.population
        appear = []
        for user in self.people:
            key = chain(key_of(self.seed, Decision.POST, self.hour), user.number)
            if (key + 0.5) / 4294967296.0 >= user.posting * population.daily_cycle[self.hour % 24]:
                continue
            if not user.is_here(self.hour):
                continue
            political = (draw(key, 1) + 0.5) / 4294967296.0 < population.political_posts and user.supports >= 0
            post_key = hidden_key(self.seed, self.hour, OWN, user.number, 0)
            briefed = draw(post_key, 61) < threshold(self.rules.background.briefs)
            marked = briefed and draw(post_key, 65) < threshold(self.rules.background.briefs_disclosed)
            wanted = Publish(
                user.number, post_key % 3600, user.supports if political else -1, disclosed=marked, purpose=OWN
            )
            appear.append((wanted.second, post_key, wanted))
        for wanted in actions.publish:
            key = hidden_key(self.seed, self.hour, wanted.purpose, wanted.author, wanted.place)
            appear.append((wanted.second, key, wanted))
        for _, key, wanted in sorted(appear):
            self.publish(wanted, key)
            self.coming += self.gather.called_by(self.posts[-1])

    def publish_from_catalogue(self, place: int) -> None:
        """A post that is there from the beginning: its own luck, keyed by the catalogue's seed, and nothing of an author."""
        key = hidden_key(self.rules.population.catalogue_seed, 0, CATALOGUE, 0, place)
        nobody = self.people[candidate_account(self, 0)]
        self.appear(Publish(nobody.number, 0, -1), key, [0] * len(nobody.interest), 0.0)

    def publish(self, wanted: Publish, key: int) -> None:
        """One post appears."""
        author = self.people[wanted.author]
        self.appear(wanted, key, author.interest, self.opening.minds.skill[author.number])

    def appear(self, wanted: Publish, key: int, interest: list[int], skill: float) -> None:
        """A post by somebody with some interests and skill."""
        author = self.people[wanted.author]
        made = content(
            self.rules.population, self.rules.audience, self.seed, np.array([key], dtype=np.uint32),
            np.array([interest], dtype=np.int8), np.array([skill]), np.array([wanted.candidate], dtype=np.int8),
            np.array([wanted.hashtag]),
        )  # fmt: skip
        topic = [int(x) for x in made.topic[0]]
        subject = topic.index(max(topic[: self.rules.population.axes]))
        tagged = draw(key, 64) < threshold(self.rules.background.tags)
        hashtag = 11 + wanted.candidate if tagged and not wanted.hashtag and wanted.candidate >= 0 else wanted.hashtag
        hashtag = GENERIC + subject if hashtag == 0 and wanted.candidate < 0 else hashtag
        post = Post(len(self.posts), author.number, self.hour, wanted.second, key, topic,
                    int(made.felt[0]), wanted.candidate, hashtag, wanted.disclosed, wanted.followers_only)  # fmt: skip
        self.posts.append(post)
        author.newest = post

    def actors_engage(self, actions: Actions) -> None:
        """Actors' accounts watch through and like or comment; comments can name a candidate."""
        wanted = sorted(set(actions.engage + self.orders_are_obeyed(actions)))
        done = [event for event in wanted if event.post >= self.first]
        for event in done:
            post = self.posts[event.post]
            post.count[event.verb] += 1
            if event.verb == COMMENT and event.candidate >= 0:
                post.named[event.candidate] = post.named.get(event.candidate, 0) + 1
            self.log.append((event.account, post, event.verb, event.second, True))
        self.visited({(event.account, event.post) for event in done})

    def visited(self, visits: set[tuple[int, int]]) -> None:
        """Who comes to a post otherwise than by the feed watches it to the end, and has opened the app."""
        for account, number in visits:
            self.posts[number].views += 1
            self.posts[number].watched += 1
            self.people[account].last_session = self.hour

    def circles_come(self) -> None:
        """Members of circles, each in their own second."""
        begin = 3600 * self.hour
        due = sorted(
            (who, post.number, verb, second - begin)
            for who, post, verb, second, _ in self.coming
            if second < begin + 3600
        )
        self.coming = [act for act in self.coming if act[3] >= begin + 3600]
        acts = [(who, self.posts[number], verb, second, True) for who, number, verb, second in due
                if number >= self.first and self.people[who].is_here(self.hour)]  # fmt: skip
        self.gather.came |= {(post.number, who, verb) for who, post, verb, *_ in acts}
        self.visited({(who, post.number) for who, post, *_ in acts})
        self.acts_are_counted(acts)

    def comments_speak(self) -> None:
        """Whom most comments of a post name, looked at where there was a comment in this hour or the one before."""
        commented = {post.number: post for _, post, verb, *_ in self.before + self.log if verb == COMMENT}
        for post in commented.values():
            most = min(post.named, key=lambda c: (-post.named[c], c), default=-1)
            enough = 2 * post.named.get(most, 0) >= max(post.count[COMMENT], 1)
            post.spoken_of = most if enough else -1

    def people_open_the_app(self) -> list[tuple[User, int, int]]:
        """(user, videos, key) of every session of this hour."""
        sessions, clock, self.begins = [], self.clock, {}
        for user in self.people:
            if not user.is_here(self.hour):
                continue
            if self.rules.population.visits == "once":
                key = chain(key_of(self.seed, Decision.SESSION, MASK), user.number)
                if clock.start + (key * (clock.end - clock.start) >> 32) == self.hour:
                    sessions.append(self.session(user, key))
                continue
            key = chain(key_of(self.seed, Decision.SESSION, self.hour), user.number)
            if (key + 0.5) / 4294967296.0 < user.sessions * self.rules.population.daily_cycle[self.hour % 24]:
                sessions.append(self.session(user, key))
        return sessions

    def session(self, user: User, key: int) -> tuple[User, int, int]:
        """Its length in videos, at most 72, and its key; the second at which it begins is noted."""
        self.begins[user.number] = draw(key, 2) % 3600
        more = user.videos * int(EXPONENTIAL[draw(key, 1) >> 24]) >> 8
        return user, min(1 + more, 72), draw(key, 3)

    def people_react(self, feeds: list[tuple[User, Feed]]) -> list[list[int]]:
        """All reactions are to the same public moment: counters change after the hour."""
        reactions = []
        for user, feed in feeds:
            plain = [(post, user.react(post, lane)) for post, lane in feed]
            reactions.append([bits | self.stirred(user, post, bits) | self.told(user, post) for post, bits in plain])
            for (post, lane), bits in zip(feed, reactions[-1], strict=True):
                self.events.append((self.hour, user.number, post.key, lane, bits))
        return reactions

    def told(self, user: User, post: Post) -> int:
        """What an account does to a post because it has been told to, as bits."""
        bits = 0
        for order in self.orders:
            if user.number in order.accounts and post.candidate == order.candidate:
                for which, share, verb in ((1, order.likes, LIKE), (2, order.comments, COMMENT)):
                    luck = chain(chain(key_of(self.seed, Decision.MEET, which), post.key), user.number)
                    bits |= BITS[verb] * (luck < threshold(share))
        return bits

    def stirred(self, user: User, post: Post, bits: int) -> int:
        """A comment where a post draws comments out of proportion and the user watched it through, as bits."""
        plan = self.rules.background
        storm = draw(post.key, 66) < threshold(plan.storms)
        luck = draw(pair_key(user.key, post.key), PairDraw.STIR)
        return BITS[COMMENT] * (storm and bits & WATCHED > 0 and luck < threshold(plan.storm_comments))

    def people_look_up(self, feeds: list[tuple[User, Feed]], reactions: list[list[int]]) -> None:
        """Who watched what carries a candidate through may go on to follow the candidate's account."""
        for (user, feed), bits in zip(feeds, reactions, strict=True):
            for (post, _), reaction in zip(feed, bits, strict=True):
                luck = draw(pair_key(user.key, post.key), PairDraw.LOOK_UP)
                if not (reaction & WATCHED and reaction & CARRIED and luck < threshold(self.rules.background.look_up)):
                    continue
                official = self.people[
                    candidate_account(self, post.candidate if post.candidate >= 0 else post.spoken_at_open)
                ]
                if user is not official and not user.follows(official.number):
                    user.added.append(official.number)
                    official.follower_count += 1

    def engagement_is_counted(self, feeds: list[tuple[User, Feed]], reactions: list[list[int]]) -> None:
        """Views, awareness, acts, and the end of each visitor's session."""
        acts = []
        for (user, feed), bits in zip(feeds, reactions, strict=True):
            for place, ((post, _), reaction) in enumerate(zip(feed, bits, strict=True)):
                post.views += 1
                post.watched += reaction & WATCHED
                user.notice(post, reaction)
                second = self.begins[user.number] + 15 * place
                acts += [(user.number, post, verb, second, False) for verb, bit in BITS.items() if reaction & bit]
            user.last_session = self.hour
            user.waiting = set()
        self.late = [(who, post, verb, second - 3600, fed) for who, post, verb, second, fed in acts if second >= 3600]
        self.acts_are_counted([act for act in acts if act[3] < 3600])

    def late_acts_are_counted(self) -> None:
        """An hour begins with what was begun in the one before; of posts that have just retired nothing is counted."""
        self.before: list[Act] = self.log
        self.log = []
        self.acts_are_counted([act for act in self.late if act[1].number >= self.first])

    def acts_are_counted(self, acts: list["Act"]) -> None:
        """Counters, the log, and new follows."""
        for who, post, verb, *_ in acts:
            post.count[verb] += 1
            if verb == COMMENT:
                self.gather.name(who, post)
            user, author = self.people[who], self.people[post.author]
            if verb == FOLLOW and user is not author and not user.follows(author.number):
                user.added.append(author.number)
                author.follower_count += 1
        self.log += acts

    def shares_reach_friends(self) -> None:
        """A share reaches some who follow the sharer, unless their block was offered the post."""
        shares = sorted((account, post.number) for account, post, verb, *_ in self.log
                        if verb == SHARE and not post.followers_only)  # fmt: skip
        for account, number in shares:
            post, followers = self.posts[number], self.people[account].followers
            key = key_of(self.seed, Decision.SHARE_WITH, self.hour, account, post.key)
            for place in range(self.rules.audience.share_recipients if followers else 0):
                friend = self.people[followers[chain(key, place) % len(followers)]]
                if friend.number == post.author or friend.follows(post.author):
                    continue
                if not self.recommender.was_listed(post, friend):
                    friend.keep(post)
