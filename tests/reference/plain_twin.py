"""The default model in plain Python: one Mesa agent a user, one object a post, one draw at a time.

This is the specification. The array engine in `sim` must agree with it exactly, event by event, on small worlds
(`test_twin.py`). It is slow on purpose and shares with the engine only what is data: the population, the content of a
post, the actors, and the tables of `sim.numerics`. Moderation is not part of it: the default model has none.
"""

from dataclasses import dataclass, field

import mesa
import numpy as np

from sim.actors.base import Public
from sim.actors.campaign import Headquarters
from sim.actors.creators import OfficialAccount
from sim.actors.influencer import Influencer
from sim.actors.sleeper_cell import SleeperCell
from sim.actors.volunteer_network import VolunteerNetwork
from sim.config import Scenario
from sim.numerics import EXPONENTIAL, GUMBEL, LOGIT, exp, log2_units, logistic_of, units
from sim.randomness import Chance, Decision, PairDraw, chain, draw, key_of, pair_key, threshold
from sim.world.actions import Actions, Engage, Publish
from sim.world.content import OWN, content
from sim.world.platform import COMMENT, FOLLOW, LIKE, REPORT, SHARE
from sim.world.truth import INFLUENCER, SLEEPER, VENDOR, VOLUNTEER
from sim.world.world import new_world

SHARED, FOLLOWED, TRIAL, PROMOTED = range(4)
LEFT, WAITING = -1, -2
BITS = {LIKE: 2, COMMENT: 4, SHARE: 8, FOLLOW: 16, REPORT: 32}


@dataclass(eq=False)
class Post:
    """A post, what the platform counts of it, and what the recommender believes of it."""

    number: int
    author: int
    hour: int
    second: int
    key: int
    topic: list[int]
    felt: int
    candidate: int
    hashtag: int
    disclosed: bool
    views: int = 0
    watched: int = 0
    count: dict[int, int] = field(default_factory=lambda: dict.fromkeys(BITS, 0))
    named: dict[int, int] = field(default_factory=dict)
    spoken_of: int = -1
    stage: int = WAITING
    since: int = 0
    stage_views: int = 0
    points: int = 0
    audience: float = 1.0
    rate: float = 0.0
    share: list[float] = field(default_factory=list)
    walked: list[int] = field(default_factory=list)
    standing: list[int] = field(default_factory=list)


@dataclass(eq=False)
class Listing:
    """A post on a block's shortlist, and who of the block was shown it."""

    post: Post
    shown: list["User"] = field(default_factory=list)


class User(mesa.Agent):
    """One person on the platform, or an account without a person behind its feed."""

    def __init__(self, model: "PlainModel", number: int) -> None:
        super().__init__(model)
        world = model.opening
        minds, accounts, graph = world.minds, world.platform.accounts, world.platform.graph
        self.number = number
        self.key = int(minds.key[number])
        self.community = int(accounts.community[number])
        self.block = number // world.platform.block_users
        self.interest = [int(x) for x in minds.interest[number]]
        self.sessions = float(minds.sessions[number])
        self.videos = int(minds.videos[number])
        self.posting = float(minds.posting[number])
        self.supports = int(minds.supports[number])
        self.expressive = int(minds.expressive[number])
        self.following = [
            int(a) for a in graph.following[graph.following_start[number] : graph.following_start[number + 1]]
        ]
        self.followers = [
            int(a) for a in graph.followers[graph.followers_start[number] : graph.followers_start[number + 1]]
        ]
        self.added: list[int] = []
        self.follower_count = len(self.followers)
        self.last_session = -1
        self.newest: Post | None = None
        self.inbox: list[Post] = []
        self.waiting: list[Post] = []
        self.taste = [0] * len(self.interest)

    def follows(self, author: int) -> bool:
        """Whether this user follows an author."""
        return author in self.following or author in self.added

    def react(self, post: Post, lane: int) -> int:
        """Watch through or not; then like, comment, share, follow; or report. Returns the bits of the reaction."""
        audience = self.model.rules.audience
        cosine = sum(mine * its for mine, its in zip(self.interest, post.topic, strict=True))
        decades = log2_units(post.likes_at_open + 1) * 308 >> 10
        mood = (units(audience.fit) * ((cosine >> 4) - units(audience.fit_middle)) >> 10) + (
            decades * units(audience.social_proof) >> 10
        )
        if lane == FOLLOWED:
            mood += units(audience.followed)
        felt = post.felt
        known = (self.model.appeal[post.candidate] if post.candidate >= 0 else 0) + post.disclosed * units(
            audience.marked
        )
        on_watch = (felt * units(audience.quality_on_watch) >> 10) + known
        on_like = (felt * units(audience.quality_on_like) >> 10) + known
        on_share = (felt * units(audience.quality_on_share) >> 10) + known
        pair = pair_key(self.key, post.key)

        def happens(which: PairDraw, logit: int) -> bool:
            return draw(pair, which) < logistic_of(logit)

        if not happens(PairDraw.WATCH, units(audience.watch) + on_watch + mood):
            return BITS[REPORT] if happens(PairDraw.REPORT, units(audience.report) - mood) else 0
        eager = mood + self.expressive
        bits = 1
        bits |= BITS[LIKE] * happens(PairDraw.LIKE, units(audience.like) + on_like + eager)
        bits |= BITS[COMMENT] * happens(PairDraw.COMMENT, units(audience.comment) + (eager >> 1))
        bits |= BITS[SHARE] * happens(PairDraw.SHARE, units(audience.share) + on_share + (eager >> 1))
        bits |= BITS[FOLLOW] * happens(PairDraw.FOLLOW, units(audience.follow) + on_like + eager)
        if post.spoken_at_open >= 0 and draw(pair, PairDraw.OPEN_COMMENTS) < threshold(audience.open_comments):
            bits |= 64
        return bits


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
        self.events: list[tuple[int, int, int, int, int]] = []
        self.threshold = [scenario.recommender.opening_rate] * len(scenario.recommender.stage_hours)
        self.decisions = [0.0] * len(scenario.recommender.stage_hours)
        self.mean_rate = scenario.recommender.opening_rate
        self.mean_followers = 0.0
        self.lists: dict[int, list[list[Listing]]] = {
            lane: [[] for _ in range(sum(self.blocks))] for lane in (TRIAL, PROMOTED)
        }
        self.community_of = [c for c, blocks in enumerate(self.blocks) for _ in range(blocks)]
        self.appeal = [0] * len(scenario.population.candidates)
        self.watch_mean = 0.5
        self._hire()

    def _hire(self) -> None:
        """The same actors as in the engine: they are agents there too."""
        scenario, role = self.rules, self.opening.truth.role
        cycle = scenario.population.daily_cycle
        self.officials = [
            OfficialAccount(self, n, self.users + n, c.official_posts, cycle)
            for n, c in enumerate(scenario.population.candidates)
        ]
        office = self.headquarters = Headquarters(self, 0)
        office.influencers = [Influencer(self, n, int(a)) for n, a in enumerate(np.flatnonzero(role == INFLUENCER))]
        office.vendors = [int(a) for a in np.flatnonzero(role == VENDOR)]
        office.officials = [official.account for official in self.officials]
        office.volunteers = VolunteerNetwork(self, 0, [int(a) for a in np.flatnonzero(role == VOLUNTEER)], cycle)
        sleepers, size = [int(a) for a in np.flatnonzero(role == SLEEPER)], scenario.population.cell_size
        office.cells = [
            SleeperCell(self, n, sleepers[b : b + size]) for n, b in enumerate(range(0, len(sleepers), size))
        ]
        office.scale, office.posts_per_real_post = scenario.scale, scenario.posts_per_real_post
        campaign = scenario.campaign
        begins = None if campaign.start is None else max(self.clock.hour_of(campaign.start), self.clock.start)
        office.adopt(scenario.focal, begins, campaign.budget * scenario.scale, campaign.tactics)

    # --- the hour -------------------------------------------------------------------------------------------------

    def step(self) -> None:
        """One hour, in the order of the engine's step."""
        self.log: list[tuple[int, Post, int]] = []
        actions = self.actors_act()
        self.people_change_their_minds(actions)
        self.posts_appear(actions)
        self.actors_engage(actions)
        for post in self.posts:
            post.likes_at_open, post.spoken_at_open = post.count[LIKE], post.spoken_of
        sessions = self.people_open_the_app()
        feeds = self.recommender_fills_feeds(sessions)
        reactions = self.people_react(feeds)
        self.engagement_is_counted(feeds, reactions)
        self.shares_reach_friends()
        self.recommender_learns(feeds, reactions)
        self.hour += 1

    def actors_act(self) -> Actions:
        """Everyone who seeks attention acts on the same public moment."""
        seen, total = self.public(), Actions()
        for actor in [*self.officials, self.headquarters]:
            total.extend(actor.act(seen, self.hour, Chance(self.seed, Decision.ACTOR, self.hour)))
        return total

    def public(self) -> Public:
        """What the owner of an account sees."""
        posts = self.posts

        def column(values: list[int]) -> np.ndarray:
            return np.array(values, dtype=np.int64)

        return Public(
            0, column([p.key for p in posts]), column([p.author for p in posts]), column([p.hour for p in posts]),
            column([p.second for p in posts]), column([p.candidate for p in posts]), column([p.hashtag for p in posts]),
            column([p.views for p in posts]), column([p.count[LIKE] for p in posts]),
            column([p.count[COMMENT] for p in posts]), np.zeros(len(posts), dtype=bool),
            column([u.follower_count for u in self.people]), np.zeros(len(self.people), dtype=bool),
        )  # fmt: skip

    def people_change_their_minds(self, actions: Actions) -> None:
        """A surge of real sympathy: better liked, and supported by some who supported nobody."""
        for change in actions.sway:
            self.appeal[change.candidate] = units(change.appeal)
            for user in self.people[: self.users]:
                luck = chain(key_of(self.seed, Decision.SWAY), user.number)
                if user.supports < 0 and luck < threshold(change.supporters):
                    user.supports = change.candidate

    def orders_are_obeyed(self, actions: Actions) -> list[Engage]:
        """Comments, some seconds after they appear, on new posts that have a hashtag and name nobody."""
        comments, chance = [], Chance(self.seed, Decision.ORDER, 0)
        for order in actions.orders:
            for post in self.posts:
                if post.hashtag != order.hashtag or post.candidate >= 0 or post.hour < self.hour - 1:
                    continue
                for account in order.accounts:
                    delay = order.first + int(order.spread * chance.uniform(2, account, post.key))
                    second = post.second + delay - 3600 * (self.hour - post.hour)
                    if 0 <= second < 3600 and chance.happens(order.share, 1, account, post.key):
                        comments.append(Engage(account, post.number, second, COMMENT, order.candidate))
        return comments

    def posts_appear(self, actions: Actions) -> None:
        """Ordinary authors by the daily cycle, supporters sometimes about their candidate; then candidates; then the campaign."""
        population = self.rules.population
        for user in self.people[: self.users]:
            key = chain(key_of(self.seed, Decision.POST, self.hour), user.number)
            if (key + 0.5) / 4294967296.0 >= user.posting * population.daily_cycle[self.hour % 24]:
                continue
            political = (draw(key, 1) + 0.5) / 4294967296.0 < population.political_posts and user.supports >= 0
            post_key = chain(chain(key_of(self.seed, Decision.POST, self.hour, OWN), user.number), 0)
            wanted = Publish(user.number, post_key % 3600, user.supports if political else -1, purpose=OWN)
            self.publish(wanted, post_key)
        for wanted in sorted(sorted(actions.publish), key=lambda p: p.purpose):
            key = chain(chain(key_of(self.seed, Decision.POST, self.hour, wanted.purpose), wanted.author), wanted.place)
            self.publish(wanted, key)

    def publish(self, wanted: Publish, key: int) -> None:
        """One post appears."""
        author = self.people[wanted.author]
        made = content(
            self.rules.population, self.rules.audience, self.seed, np.array([key], dtype=np.uint32),
            np.array([author.interest], dtype=np.int8), self.opening.minds.skill[[author.number]],
            np.array([wanted.candidate], dtype=np.int8),
        )  # fmt: skip
        post = Post(len(self.posts), author.number, self.hour, wanted.second, key, [int(x) for x in made.topic[0]],
                    int(made.felt[0]), wanted.candidate, wanted.hashtag, wanted.disclosed)  # fmt: skip
        post.walked, post.standing = [0] * len(self.blocks), [0] * len(self.blocks)
        post.share = [0.0] * len(self.blocks)
        self.posts.append(post)
        author.newest = post

    def actors_engage(self, actions: Actions) -> None:
        """Actors' accounts watch through and like or comment; comments can name a candidate."""
        done = sorted(set(actions.engage + self.orders_are_obeyed(actions)))
        for event in done:
            post = self.posts[event.post]
            post.views += 1
            post.watched += 1
            post.count[event.verb] += 1
            if event.verb == COMMENT and event.candidate >= 0:
                post.named[event.candidate] = post.named.get(event.candidate, 0) + 1
            self.log.append((event.account, post, event.verb))
        for post in {self.posts[event.post].number: self.posts[event.post] for event in done}.values():
            most = min(post.named, key=lambda c: (-post.named[c], c), default=-1)
            enough = 2 * post.named.get(most, 0) >= max(post.count[COMMENT], 1)
            post.spoken_of = most if enough else -1

    def people_open_the_app(self) -> list[tuple[User, int, int]]:
        """(user, videos, key) of every session of this hour."""
        sessions = []
        for user in self.people[: self.users]:
            key = chain(key_of(self.seed, Decision.SESSION, self.hour), user.number)
            if (key + 0.5) / 4294967296.0 < user.sessions * self.rules.population.daily_cycle[self.hour % 24]:
                more = user.videos * int(EXPONENTIAL[draw(key, 1) >> 24]) >> 8
                sessions.append((user, min(1 + more, 72), draw(key, 3)))
        return sessions

    def people_react(self, feeds: list[tuple[User, list[tuple[Post, int]]]]) -> list[list[int]]:
        """All reactions are to the same public moment: counters change after the hour."""
        reactions = []
        for user, feed in feeds:
            reactions.append([user.react(post, lane) for post, lane in feed])
            for (post, lane), bits in zip(feed, reactions[-1], strict=True):
                self.events.append((self.hour, user.number, post.key, lane, bits))
        return reactions

    def engagement_is_counted(self, feeds: list, reactions: list[list[int]]) -> None:
        """Counters, follows, and the end of each visitor's session."""
        follows = []
        for (user, feed), bits in zip(feeds, reactions, strict=True):
            for (post, _), reaction in zip(feed, bits, strict=True):
                post.views += 1
                post.watched += reaction & 1
                for verb, bit in BITS.items():
                    if reaction & bit:
                        post.count[verb] += 1
                        self.log.append((user.number, post, verb))
                        if verb == FOLLOW:
                            follows.append((user, self.people[post.author]))
            user.last_session = self.hour
            user.waiting = []
        for user, author in follows:
            if user is not author and not user.follows(author.number):
                user.added.append(author.number)
                author.follower_count += 1

    def shares_reach_friends(self) -> None:
        """A share reaches some who follow the sharer, unless the feed may already have offered them the post."""
        shares = sorted((account, post.number) for account, post, verb in self.log if verb == SHARE)
        for account, number in shares:
            post, followers = self.posts[number], self.people[account].followers
            key = key_of(self.seed, Decision.SHARE_WITH, self.hour, account, post.key)
            for place in range(self.rules.audience.share_recipients if followers else 0):
                friend = self.people[followers[chain(key, place) % len(followers)]]
                if friend.number == post.author or friend.number >= self.users or friend.follows(post.author):
                    continue
                if self.was_offered(post, friend) or post in friend.inbox or len(friend.inbox) >= 16:
                    continue
                friend.inbox.append(post)
                friend.waiting.append(post)

    def was_offered(self, post: Post, user: User) -> bool:
        """Whether the post was already on the shortlist of the user's block."""
        return user.block in [self.block_at(post, user.community, step) for step in range(post.walked[user.community])]

    def block_at(self, post: Post, community: int, step: int) -> int:
        """A post walks through a community's blocks in a cycle from a keyed start, and so meets nobody twice."""
        start = draw(chain(post.key, 0xFFFFFFFF), community) % self.blocks[community]
        return self.first_block[community] + (start + step) % self.blocks[community]

    # --- the staged audience --------------------------------------------------------------------------------------

    def recommender_fills_feeds(
        self, sessions: list[tuple[User, int, int]]
    ) -> list[tuple[User, list[tuple[Post, int]]]]:
        """Stages, then shortlists, then feeds."""
        plan = self.rules.recommender
        self.posts_begin_their_trial()
        self.stages_end()
        places = plan.views_per_hour * self.users
        trial = [post for post in self.posts if post.stage == 0]
        trial_share = min(0.25, float(np.array([self.pace(post) for post in trial]).sum()) / places)
        most = 3.0 * sum(self.blocks) / places
        promoted = [post for post in self.posts if post.stage > 0]
        self.renew_lists(TRIAL, trial, plan.trial_listings * most / max(trial_share, 1e-9))
        self.renew_lists(PROMOTED, promoted, plan.promoted_listings * most)
        return [(user, self.feed(user, videos, key, round(trial_share * 65536))) for user, videos, key in sessions]

    def pools(self) -> list[float]:
        """Views of each stage's pool for a creator of mean audience."""
        return [float(pool) for pool in self.rules.recommender.pools]

    def last_stage(self) -> int:
        """The open stage: the first whose pool is above the top share of users."""
        plan, pools = self.rules.recommender, self.pools()
        for stage, pool in enumerate(pools):
            if pool >= plan.top * self.users:
                return stage
        return len(pools) - 1

    def quota(self, post: Post) -> float:
        """Views that end the post's stage."""
        if post.stage >= self.last_stage():
            return float(self.users)
        return self.pools()[post.stage] * (post.audience if post.stage == 0 else 1.0)

    def pace(self, post: Post) -> float:
        """Views an hour that the post wants."""
        goal = self.pools()[post.stage] if post.stage >= self.last_stage() else self.quota(post)
        plan = self.rules.recommender
        return goal / plan.stage_hours[post.stage] * float(exp(-(self.hour - post.hour) / plan.ageing_hours))

    def posts_begin_their_trial(self) -> None:
        """New posts: a creator's audience widens the first pool."""
        new = [post for post in self.posts if post.stage == WAITING]
        if not new:
            return
        batch = float(sum(1 + self.people[post.author].follower_count for post in new)) / len(new)
        self.mean_followers = (
            batch if self.mean_followers == 0.0 else self.mean_followers + 0.02 * (batch - self.mean_followers)
        )
        for post in new:
            followers = 1.0 + self.people[post.author].follower_count
            post.audience = min(self.rules.recommender.audience_most, followers / self.mean_followers)
            post.stage, post.since = 0, self.hour
        self.aim(new)

    def aim(self, posts: list[Post]) -> None:
        """Spread over communities by believed fit at first, by size alone in the end."""
        size = self.opening.platform.block_users
        for post in posts:
            left = 1.0 - post.stage / max(1, self.last_stage())
            weights = []
            for community, blocks in enumerate(self.blocks):
                first = self.first_block[community] * size
                members = self.people[first : first + blocks * size]
                centre = [sum(user.taste[axis] for user in members) // len(members) for axis in range(len(post.topic))]
                cosine = sum(x * c for x, c in zip(post.topic, centre, strict=True)) / 131072.0
                weights.append(float(exp(self.rules.recommender.spread * left * cosine)) * blocks)
            total = 0.0
            for weight in weights:
                total += weight
            post.share = [float(np.float32(weight / total)) for weight in weights]

    def stages_end(self) -> None:
        """Posts go on that did better than their stage's threshold; thresholds follow the wanted share."""
        plan, mean, last = self.rules.recommender, self.mean_rate, self.last_stage()
        ended = []
        for post in self.posts:
            if post.stage >= 0 and post.walked == self.blocks and not any(post.standing):
                post.stage = LEFT  # no block is left to see it
            elif post.stage >= 0 and (
                post.stage_views >= self.quota(post)
                or self.hour - post.since >= plan.patience * plan.stage_hours[post.stage] + 12.0
            ):
                ended.append(post)
        if not ended:
            return
        decided, passes, trial_points, trial_views, trials = [0] * 99, [0] * 99, 0, 0, 0
        passed = []
        for post in ended:
            post.rate = (post.points + plan.prior_views * mean) / (post.stage_views + plan.prior_views)
            stage = post.stage
            decided[stage] += 1
            if stage == 0:
                trial_points, trial_views, trials = (
                    trial_points + post.points,
                    trial_views + post.stage_views,
                    trials + 1,
                )
            if post.rate > self.threshold[stage] and stage < last:
                passes[stage] += 1
                passed.append(post)
        for post in ended:
            post.stage = post.stage + 1 if post in passed else LEFT
            post.since, post.stage_views, post.points = self.hour, 0, 0
        expected = 2.0 * (plan.views_per_hour * 24.0 / plan.views_per_post * self.users)
        for stage, wanted in enumerate(plan.passes(self.users)):
            self.decisions[stage] += decided[stage]
            step = 0.3 / max(100.0, min(expected, self.decisions[stage]))
            self.threshold[stage] += step * (passes[stage] - wanted * decided[stage])
            expected *= wanted
        if trial_views > 0:
            self.mean_rate += min(0.5, 0.0005 * trials) * (trial_points / trial_views - self.mean_rate)
        self.aim(passed)

    def renew_lists(self, lane: int, posts: list[Post], most: float) -> None:
        """Take down what no longer stands or most of a block has seen; put up what is wanted and finds room."""
        plan, size = self.rules.recommender, self.opening.platform.block_users
        room = plan.trial_listings if lane == TRIAL else plan.promoted_listings
        lists = self.lists[lane]
        for block, listings in enumerate(lists):
            kept = [
                entry for entry in listings if entry.post in posts and len(entry.shown) <= int(plan.most_shown * size)
            ]
            for entry in listings:
                entry.post.standing[self.community_of[block]] -= entry not in kept
            lists[block] = kept
        paces = [self.pace(post) for post in posts]
        factors, eases = [], []
        for community, blocks in enumerate(self.blocks):
            free = sum(room - len(lists[self.first_block[community] + block]) for block in range(blocks))
            wanted = lacking = 0.0
            for post, pace in zip(posts, paces, strict=True):
                wanted += pace * post.share[community]
            factors.append(min(most, room * blocks / wanted) if wanted > 0.0 else most)
            for post, pace in zip(posts, paces, strict=True):
                lacking += max(0.0, factors[-1] * (pace * post.share[community]) - post.standing[community])
            eases.append(min(1.0, free / lacking) if lacking > 0.0 else 1.0)
        for post, pace in zip(posts, paces, strict=True):
            for community, blocks in enumerate(self.blocks):
                lack = factors[community] * (pace * post.share[community]) - post.standing[community]
                luck = draw(chain(post.key, self.hour), community) / 4294967296.0
                count = min(int(eases[community] * max(lack, 0.0) + luck), blocks - post.walked[community])
                for _ in range(count if lack > 0.0 else 0):
                    block = self.block_at(post, community, post.walked[community])
                    if len(lists[block]) == room:
                        break  # it waits for its next block
                    lists[block].append(Listing(post))
                    post.walked[community] += 1
                    post.standing[community] += 1

    def feed(self, user: User, videos: int, key: int, trial_share: int) -> list[tuple[Post, int]]:
        """Shared posts first, then followed authors' newest, then trial posts, then promoted ones by score."""
        feed = [(post, SHARED) for post in user.waiting][:videos]
        luck = draw(key, 6)
        for attempt in range(videos * round(self.rules.recommender.followed_share * 65536) + (luck & 0xFFFF) >> 16):
            pick = draw(key, 16 + attempt) % (len(user.following) + 1)
            if pick == len(user.following) and not user.added:
                continue
            author = user.following[pick] if pick < len(user.following) else user.added[-1]
            post = self.people[author].newest
            if post is None or len(feed) >= videos or author == user.number or post.hour <= user.last_session:
                continue
            if not self.coin(user, post) or post in user.inbox or post in [shown for shown, _ in feed]:
                continue
            feed.append((post, FOLLOWED))
        trials = min(videos * trial_share + (luck >> 16) >> 16, videos - len(feed))
        for lane, goal in ((TRIAL, len(feed) + trials), (PROMOTED, videos)):
            unseen = [entry for entry in self.lists[lane][user.block] if user not in entry.shown]
            candidates = [entry.post for entry in unseen]
            scores = [self.score(user, post, lane) for post in candidates]
            for place in sorted(range(len(candidates)), key=lambda p: (-scores[p], p)):
                post = candidates[place]
                if len(feed) >= goal:
                    break
                if post.author == user.number or post in user.inbox:
                    continue
                if self.coin(user, post) and user.follows(post.author):
                    continue
                unseen[place].shown.append(user)
                feed.append((post, lane))
        return feed

    def coin(self, user: User, post: Post) -> bool:
        """A keyed coin says by which of two ways a follower may meet a post: followed authors, or the shortlists."""
        return bool(draw(pair_key(user.key, post.key), PairDraw.LANE) & 1)

    def score(self, user: User, post: Post, lane: int) -> int:
        """Personal fit relative to the block, the post's standing, and noise."""
        size = self.opening.platform.block_users
        members = self.people[user.block * size : (user.block + 1) * size]
        if (self.hour, user.block) not in self.__dict__.setdefault("block_tastes", {}):
            self.block_tastes = {
                (self.hour, user.block): [sum(m.taste[a] for m in members) // size for a in range(len(post.topic))]
            }
        mean = self.block_tastes[self.hour, user.block]
        fit = sum((mine - its) * x for mine, its, x in zip(user.taste, mean, post.topic, strict=True))
        noise = int(GUMBEL[draw(pair_key(user.key, post.key), PairDraw.CHOICE) >> 20])
        standing = 0
        if lane == PROMOTED:
            ratio = max(int(post.rate * (4096.0 / self.mean_rate)), 1)
            standing = (log2_units(ratio) - 12 * LOGIT) * 710 >> 10
        return ((fit >> 7) * units(self.rules.recommender.fit) >> 10) + standing + noise

    def recommender_learns(self, feeds: list, reactions: list[list[int]]) -> None:
        """Tastes move towards what was watched through more than usual; posts gather points."""
        plan, usual = self.rules.recommender, int(self.watch_mean * 256)
        shown = watched = 0
        for (user, feed), bits in zip(feeds, reactions, strict=True):
            for axis in range(len(user.taste)):
                total = sum(
                    ((256 if b & 1 else 0) - usual) * post.topic[axis] for (post, _), b in zip(feed, bits, strict=True)
                )
                user.taste[axis] += (total * 40 >> 15) - (user.taste[axis] * len(feed) >> 10)
            for (post, lane), b in zip(feed, bits, strict=True):
                shown, watched = shown + 1, watched + (b & 1)
                if lane >= TRIAL:
                    post.stage_views += 1
                    post.points += b & 1
        if shown:
            self.watch_mean += 0.02 * (watched / shown - self.watch_mean)
        points = {LIKE: plan.like_points, COMMENT: plan.comment_points, SHARE: plan.share_points}
        for _, post, verb in self.log:
            post.points += points.get(verb, 0)
