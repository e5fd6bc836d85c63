"""How the company's measures are carried out on its own record. Called by `changes` alone."""

import numpy as np

from sim.numbers.luck import Decision
from sim.world.actions import Request
from sim.world.platform import (
    ASKED,
    DISCOUNTED,
    HELD,
    LABELLED,
    LIMITED,
    NOBODY,
    PARTS,
    PAUSED,
    REMOVED,
    SHARE,
    SUSPENDED,
    Log,
    Platform,
    coins,
)

ON_POST = {"remove": REMOVED, "limit": LIMITED, "label": LABELLED, "slow": PAUSED, "hold": HELD,
           "discount": DISCOUNTED, "friction": ASKED}  # fmt: skip
ON_ACCOUNT = {"suspend": SUSPENDED, "limit": LIMITED, "discount": DISCOUNTED, "hold": HELD}
ENDS = {"resume": PAUSED, "release": HELD}
LASTING = REMOVED | LIMITED  # what an appeal can undo
FALLS_ON_POSTS = {"suspend": REMOVED, "limit": LIMITED}  # what becomes of the posts of an account


def enforce(platform: Platform, requests: list[Request]) -> None:
    """Carry out requests, in an order that does not depend on theirs."""
    own = {number: bits for number, bits in platform.sanctions.items() if number >= platform.first}
    for request in sorted(requests):
        if request.action == "withdraw":
            _withdraw(platform, request)
        elif request.account != NOBODY:
            _on_account(platform, own, request)
        elif request.post != NOBODY:
            if platform.first <= request.post < platform.first + len(platform.posts):
                _on_post(platform, own, request)
        else:
            _on_app(platform, request)
    platform.sanctions = own


def _withdraw(platform: Platform, request: Request) -> None:
    """Note for recommenders which posting or share leaves followers' feeds."""
    one = Log(np.array([request.account], dtype=np.int32), np.array([request.post], dtype=np.int64),
              np.array([SHARE], dtype=np.int8), np.zeros(1, dtype=np.int32), np.zeros(1, dtype=np.uint8))  # fmt: skip
    platform.withdrawn[-1] = platform.withdrawn[-1].followed_by(one)


def _on_account(platform: Platform, own: dict[int, int], request: Request) -> None:
    status, posts = platform.accounts.status, platform.posts
    if request.action == "restore":
        status[request.account] &= np.uint8(255 & ~(SUSPENDED | LIMITED))
        for row in np.flatnonzero(posts.author == request.account).tolist():
            posts.status[row] = int(posts.status[row]) & ~LASTING | own.get(row + platform.first, 0)
    elif request.action in ENDS:
        status[request.account] &= np.uint8(255 & ~ENDS[request.action])
    else:
        status[request.account] |= np.uint8(ON_ACCOUNT[request.action])
        falls = FALLS_ON_POSTS.get(request.action)
        if falls:
            posts.status[posts.author == request.account] |= np.uint8(falls)
        _turn_up(platform, request)


def _on_post(platform: Platform, own: dict[int, int], request: Request) -> None:
    row, status = request.post - platform.first, platform.posts.status
    if request.action == "restore":
        own.pop(request.post, None)
        account = int(platform.accounts.status[platform.posts.author[row]])
        by_author = (REMOVED if account & SUSPENDED else 0) | account & LIMITED
        status[row] = int(status[row]) & ~LASTING | by_author
    elif request.action in ENDS:
        status[row] &= np.uint8(255 & ~ENDS[request.action])
    else:
        bit = ON_POST[request.action]
        status[row] |= np.uint8(bit)
        if bit & LASTING:
            own[request.post] = own.get(request.post, 0) | bit
        _turn_up(platform, request)


def _on_app(platform: Platform, request: Request) -> None:
    settings = platform.settings
    if request.action == "friction":
        settings.asks_always = True
        _turn_up(platform, request)
    elif request.action == "profile":
        settings.profiled = request.amount
    else:  # of two caps the tighter holds
        name = request.action.removeprefix("cap_") + "_cap"
        before = int(getattr(settings, name))
        setattr(settings, name, min(before or PARTS, request.amount))


def _turn_up(platform: Platform, request: Request) -> None:
    """Discount and friction have one strength in the whole app: the greatest that a policy asked for."""
    if request.action in ("discount", "friction"):
        before = int(getattr(platform.settings, request.action))
        setattr(platform.settings, request.action, max(before, request.amount))


def without_given_up(platform: Platform, log: Log) -> Log:
    """Acts of an hour without the shares that people give up when the app asks; a coin keyed by (account, post)."""
    settings = platform.settings
    if settings.friction == 0:
        return log
    row = log.post - platform.first
    asked = (log.verb == SHARE) & (settings.asks_always | ((platform.posts.status[row] & ASKED) != 0))
    given_up = asked & (coins(Decision.FRICTION, platform.posts.key[row], log.account) < settings.friction)
    platform.given_up += int(np.count_nonzero(given_up))
    return log.of(~given_up)
