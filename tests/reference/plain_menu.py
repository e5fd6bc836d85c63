"""A menu in plain Python: all that is new, in an order of the visitor's own or the most liked first."""

from sim.numbers.luck import PairDraw, draw, pair_key
from tests.reference.plain_people import PROMOTED, Feed, Post, User


class PlainMenu:
    """Nothing is learned; shares bring nobody what the menu has not."""

    def __init__(self, model) -> None:
        self.model = model

    def rank(self, sessions: list[tuple[User, int, int]]) -> list[tuple[User, Feed]]:
        """What each visitor is shown."""
        return [(user, self.feed(user, videos)) for user, videos, _ in sessions]

    def feed(self, user: User, videos: int) -> Feed:
        """Posts of others since the last session."""
        new = [post for post in self.model.live if post.hour > user.last_session and post.author != user.number]
        ranked = self.model.rules.recommender.order == "most_liked"
        new.sort(key=lambda post: (-post.likes_at_open * ranked, draw(pair_key(user.key, post.key), PairDraw.CHOICE)))
        return [(post, PROMOTED) for post in new[:videos]]

    def was_listed(self, post: Post, user: User) -> bool:
        """Everything is offered to everybody."""
        return True

    def learn(self, feeds: list[tuple[User, Feed]], reactions: list[list[int]]) -> None:
        """Nothing."""
