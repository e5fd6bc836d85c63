"""A network of pairs as one would write it down: for each pair the posts on which it acted together, and their weights."""

Pair = tuple[int, int]


class PlainPairs:
    """The slow, obvious twin of `sim.moderation.pair_network`."""

    def __init__(self) -> None:
        self.posts: dict[Pair, dict[int, int]] = {}

    def note(self, acts: list[tuple[int, int, int, int]]) -> dict[Pair, int]:
        """Add acts in common (post, lower account, higher account, weight); returns what those that gained have by now."""
        gained = {}
        for post, one, other, weight in acts:
            posts = self.posts.setdefault((one, other), {})
            if post not in posts:
                posts[post] = weight
                gained[one, other] = sum(posts.values())
        return gained

    def forget(self, first: int) -> None:
        """Let go of posts before a number, and of pairs that have no other."""
        for pair in list(self.posts):
            self.posts[pair] = {post: weight for post, weight in self.posts[pair].items() if post >= first}
            if not self.posts[pair]:
                del self.posts[pair]
