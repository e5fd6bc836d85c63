"""Chronological following in plain Python."""

from tests.reference.plain_people import FOLLOWED, SHARED, Feed, Post, User


class PlainChronological:
    """Newest first; nothing is listed, nothing is learned."""

    def __init__(self, model) -> None:
        self.model = model

    def rank(self, sessions: list[tuple[User, int, int]]) -> list[tuple[User, Feed]]:
        """What each visitor is shown."""
        return [(user, self.feed(user, videos)) for user, videos, _ in sessions]

    def feed(self, user: User, videos: int) -> Feed:
        """What friends shared, then posts of followed authors since the last session."""
        news = [
            post
            for post in self.model.live
            if post.hour > user.last_session and user.follows(post.author) and post not in user.inbox
        ]
        news.sort(key=lambda post: (post.hour, post.second, post.key), reverse=True)
        return ([(post, SHARED) for post in user.shared_posts()] + [(post, FOLLOWED) for post in news])[:videos]

    def was_listed(self, post: Post, user: User) -> bool:
        """There are no shortlists."""
        return False

    def learn(self, feeds: list[tuple[User, Feed]], reactions: list[list[int]]) -> None:
        """Nothing."""
