/* The feed and reaction kernel, sim/kernels/serving.py, in plain C: the same algorithm, the same arrays, one thread.
 *
 * A yardstick for the compiled Python; its results must be the same to the last bit. Names follow the Python.
 * AXES, the axes of the interest space, is given to the compiler, as numba's kernel knows TOGETHER. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { SHARED, FOLLOWED, TRIAL, PROMOTED };
enum { WATCHED = 1, LIKED = 2, COMMENTED = 4, SHARED_ON = 8, FOLLOWED_ON = 16, REPORTED = 32, OPENED = 64, CARRIED = 128 };
enum { GONE = 1, HIDDEN = 27, LABEL = 4, PLACES = 4096, WORDS = 8, LONGEST_FEED = 128 };
#define ACTS (LIKED | COMMENTED | SHARED_ON | FOLLOWED_ON | REPORTED)
#define TAKEN INT32_MIN

typedef struct {
    int32_t *numbers;
    uint32_t *seen;
    int32_t *shown, *lengths;
    int64_t room;
} lists;

typedef struct {
    const int32_t *visitors, *videos;
    const int64_t *offset;
    const uint32_t *session_key;
    const int64_t *block_start;
    int64_t blocks, block_users, words;
    lists trial, promoted;
    const int32_t *standing;
    int64_t fit, trial_share, followed_share;
    int32_t *taste;
    int64_t *taste_sums;
    int64_t watch_mean, gain, memory_bits, axes;
    /* posts */
    int64_t first;
    const uint32_t *post_key;
    const int32_t *post_author, *post_hour;
    const int8_t *post_topic;
    const uint8_t *post_status;
    const int32_t *post_likes;
    const int8_t *post_candidate;
    const uint8_t *post_disclosed;
    const int8_t *post_spoken_of;
    const int32_t *post_felt;
    /* users */
    const uint32_t *user_key;
    const int8_t *interest;
    const int32_t *expressive, *newest_post, *last_session, *inbox;
    const uint8_t *inbox_waiting;
    int64_t inbox_room;
    /* follows */
    const int64_t *following_start;
    const int32_t *following, *newest_added, *added_author, *added_before;
    /* reactions */
    const int32_t *appeal;
    int64_t watch, like, comment, share, follow, report, quality_on_watch, quality_on_like, quality_on_share;
    int64_t fit_of_mood, fit_middle, social_proof, followed, marked, open_comments;
    /* tables */
    const int32_t *gumbel;
    const uint32_t *logistic;
    const int32_t *log2_table;
    /* what is written */
    int32_t *feed_row;
    uint8_t *feed_lane, *feed_flags;
    int32_t *feed_length, *direct, *acts, *tally_row, *tally_views, *tally_watched;
} world;

/* The listings of one block, a column a quantity, and room for one visitor. */
typedef struct {
    int size, split;
    int32_t *row, *author, *standing, *watch, *like, *share, *proof, *candidate, *spoken_of, *views, *watched;
    int32_t *rank, *noise, *topic;
    uint32_t *key, *seen;
} shelf;

static inline uint32_t mix(uint32_t word) {
    word ^= word >> 16;
    word *= 0x21F0AAADu;
    word ^= word >> 15;
    word *= 0x735A2D97u;
    return word ^ word >> 15;
}

static inline uint32_t draw(uint32_t key, uint32_t which) { return mix(key + which * 0x9E3779B9u); }

static inline uint32_t chance_of(const world *w, int32_t logit) {
    int32_t cell = (logit + 16384) >> 3;
    cell = cell < 0 ? 0 : cell > 4095 ? 4095 : cell;
    return w->logistic[cell];
}

static inline int64_t proof_of(const world *w, int64_t likes) {
    int64_t count = likes + 1, bits = 63 - __builtin_clzll((uint64_t)count);
    int64_t log2_units = bits * 1024 + w->log2_table[(count << 8 >> bits) & 255];
    return (log2_units * 308 >> 10) * w->social_proof >> 10;
}

static inline int64_t mood_of(const world *w, int64_t cosine, int64_t proof) {
    return (w->fit_of_mood * ((cosine >> 4) - w->fit_middle) >> 10) + proof;
}

static inline int64_t floor_divide(int64_t a, int64_t b) { return a / b - (a % b != 0 && (a < 0) != (b < 0)); }

static inline int64_t fondness_of(const world *w, int64_t row) {
    int64_t candidate = w->post_candidate[row];
    int64_t marked = w->post_disclosed[row] || w->post_status[row] & LABEL;
    return (candidate >= 0 ? w->appeal[candidate] : 0) + (marked ? w->marked : 0);
}

static int is_kept(const world *w, int64_t user, int64_t number) {
    const int32_t *inbox = w->inbox + user * w->inbox_room;
    int found = 0;
    for (int64_t place = 0; place < w->inbox_room; place++) found |= inbox[place] == number;
    return found;
}

static int does_follow(const world *w, int64_t user, int32_t author) {
    int found = 0;
    for (int64_t i = w->following_start[user]; i < w->following_start[user + 1]; i++) found |= w->following[i] == author;
    for (int32_t link = w->newest_added[user]; link >= 0 && !found; link = w->added_before[link])
        found = w->added_author[link] == author;
    return found;
}

static void set_bit(uint64_t *words, int32_t number) { words[number >> 6 & (WORDS - 1)] |= 1ull << (number & 63); }

static int may_be_among(const uint64_t *words, int32_t number) {
    return words[number >> 6 & (WORDS - 1)] >> (number & 63) & 1;
}

static void set_followed(const world *w, int64_t user, uint64_t *words) {
    for (int64_t i = w->following_start[user]; i < w->following_start[user + 1]; i++) set_bit(words, w->following[i]);
    for (int32_t link = w->newest_added[user]; link >= 0; link = w->added_before[link]) set_bit(words, w->added_author[link]);
}

static int meet_shared(const world *w, int64_t user, int wanted, int32_t *feed_row, uint8_t *feed_lane) {
    int shown = 0;
    for (int64_t place = 0; place < w->inbox_room && shown < wanted; place++) {
        if (!w->inbox_waiting[user * w->inbox_room + place]) continue;
        int64_t row = w->inbox[user * w->inbox_room + place] - w->first;
        if (row < 0 || w->post_status[row] & GONE) continue;
        feed_row[shown] = (int32_t)row;
        feed_lane[shown++] = SHARED;
    }
    return shown;
}

static int meet_followed(
    const world *w, int64_t user, int wanted, int shown, uint32_t key, int tries, int32_t *feed_row, uint8_t *feed_lane) {
    int64_t begin = w->following_start[user];
    uint32_t degree = (uint32_t)(w->following_start[user + 1] - begin);
    for (int attempt = 0; attempt < tries && shown < wanted; attempt++) {
        uint32_t pick = draw(key, 16u + (uint32_t)attempt) % (degree + 1);
        int32_t author;
        if (pick < degree) author = w->following[begin + pick];
        else if (w->newest_added[user] >= 0) author = w->added_author[w->newest_added[user]];
        else continue;
        int64_t row = w->newest_post[author] - w->first;
        if (row < 0 || author == user || w->post_hour[row] <= w->last_session[user] || w->post_status[row] & GONE) continue;
        uint32_t pair = mix(w->user_key[user] ^ w->post_key[row]);
        if (!(draw(pair, 1) & 1) || is_kept(w, user, row + w->first)) continue;
        int again = 0;
        for (int place = 0; place < shown; place++) again |= feed_row[place] == row;
        if (again) continue;
        feed_row[shown] = (int32_t)row;
        feed_lane[shown++] = FOLLOWED;
    }
    return shown;
}

/* The reaction of one user to one post that did not come from a list. */
static int reaction(const world *w, int64_t row, int lane, int64_t user) {
    int64_t cosine = 0;
    for (int axis = 0; axis < AXES; axis++)
        cosine += w->interest[user * AXES + axis] * w->post_topic[row * AXES + axis];
    int64_t mood = mood_of(w, cosine, proof_of(w, w->post_likes[row])) + (lane == FOLLOWED ? w->followed : 0);
    int64_t fondness = fondness_of(w, row), felt = w->post_felt[row];
    uint32_t pair = mix(w->user_key[user] ^ w->post_key[row]);
    int flag = w->post_candidate[row] >= 0 ? CARRIED : 0;
    int64_t watch = w->watch + (felt * w->quality_on_watch >> 10) + fondness + mood;
    if (draw(pair, 2) >= chance_of(w, (int32_t)watch))
        return flag | (draw(pair, 7) < chance_of(w, (int32_t)(w->report - mood)) ? REPORTED : 0);
    int64_t eager = mood + w->expressive[user];
    int64_t fond = (felt * w->quality_on_like >> 10) + fondness + eager;
    int64_t share = w->share + (felt * w->quality_on_share >> 10) + fondness + (eager >> 1);
    flag |= WATCHED;
    if (draw(pair, 3) < chance_of(w, (int32_t)(w->like + fond))) flag |= LIKED;
    if (draw(pair, 4) < chance_of(w, (int32_t)(w->comment + (eager >> 1)))) flag |= COMMENTED;
    if (draw(pair, 5) < chance_of(w, (int32_t)share)) flag |= SHARED_ON;
    if (draw(pair, 6) < chance_of(w, (int32_t)(w->follow + fond))) flag |= FOLLOWED_ON;
    if (w->post_spoken_of[row] >= 0 && draw(pair, 8) < (uint64_t)w->open_comments) flag |= OPENED | CARRIED;
    return flag;
}

/* Gather a block's listings from the posts that they name. */
static void stock(const world *w, int64_t block, shelf *s) {
    int split = s->split = w->trial.lengths[block], size = s->size = split + w->promoted.lengths[block];
    for (int k = 0; k < size; k++) {
        const lists *from = k < split ? &w->trial : &w->promoted;
        int place = k < split ? k : k - split;
        int64_t row = from->numbers[block * from->room + place] - w->first;
        if (row >= 0 && w->post_status[row] & HIDDEN) row = -1;
        s->row[k] = (int32_t)row;
        for (int64_t word = 0; word < w->words; word++)
            s->seen[word * size + k] = from->seen[(block * w->words + word) * from->room + place];
    }
    for (int k = 0; k < size; k++) {
        int64_t at = s->row[k] < 0 ? 0 : s->row[k], felt = w->post_felt[at], fondness = fondness_of(w, at);
        s->key[k] = w->post_key[at];
        s->author[k] = w->post_author[at];
        s->standing[k] = k < split ? 0 : w->standing[at];
        s->candidate[k] = w->post_candidate[at];
        s->spoken_of[k] = w->post_spoken_of[at];
        s->watch[k] = (int32_t)(w->watch + (felt * w->quality_on_watch >> 10) + fondness);
        s->like[k] = (int32_t)((felt * w->quality_on_like >> 10) + fondness);
        s->share[k] = (int32_t)(w->share + (felt * w->quality_on_share >> 10) + fondness);
        s->proof[k] = (int32_t)proof_of(w, w->post_likes[at]);
        for (int axis = 0; axis < AXES; axis++) s->topic[axis * size + k] = w->post_topic[at * AXES + axis];
        s->views[k] = s->watched[k] = 0;
    }
}

static void cosines(const shelf *s, const int32_t *restrict weights, int32_t *restrict sum) {
    const int32_t *restrict topic = s->topic;
    int size = s->size;
    for (int k = 0; k < size; k++) {
        int32_t total = 0;
        for (int axis = 0; axis < AXES; axis++) total += weights[axis] * topic[axis * size + k];
        sum[k] = total;
    }
}

/* The level of every listing for one user: a score, and in the last bits its place; TAKEN where it may not be shown.
 * Draws, their places in the table and scores are separate loops, so that the first and the last use vector instructions. */
static void rank(const world *w, const shelf *s, int32_t user, const int32_t *taste, int64_t word, uint32_t bit) {
    int size = s->size;
    int32_t fit = (int32_t)w->fit, *restrict level = s->rank;
    uint32_t own = w->user_key[user], *restrict noise = (uint32_t *)s->noise;
    const uint32_t *restrict seen = s->seen + word * size, *restrict key = s->key;
    const int32_t *restrict author = s->author, *restrict row = s->row, *restrict standing = s->standing;
    cosines(s, taste, level);
    for (int k = 0; k < size; k++)
        noise[k] = draw(mix(own ^ key[k]), 0) >> 20;
    for (int k = 0; k < size; k++) noise[k] = w->gumbel[noise[k]];
    for (int k = 0; k < size; k++) {
        int32_t score = ((level[k] >> 7) * fit >> 10) + standing[k] + (int32_t)noise[k];
        int32_t place = (int32_t)((uint32_t)score * PLACES) | (PLACES - 1 - k);
        int taken = (author[k] == user) | (row[k] < 0) | ((seen[k] & bit) != 0);
        level[k] = taken ? TAKEN : place;
    }
}

/* The best listings between two places, best first, until `goal` are chosen in all. */
static int choose(
    const world *w, const shelf *s, int32_t user, int begin, int end, int count, int goal, uint64_t kept, const uint64_t *followed,
    int *chosen) {
    int32_t *restrict ranked = s->rank;
    while (count < goal) {
        int32_t best = TAKEN;
        for (int k = begin; k < end; k++) best = best > ranked[k] ? best : ranked[k];
        if (best == TAKEN) break;
        int k = PLACES - 1 - (best & (PLACES - 1));
        ranked[k] = TAKEN;
        int64_t number = s->row[k] + w->first;
        if (kept >> (number & 63) & 1 && is_kept(w, user, number)) continue;
        if (may_be_among(followed, s->author[k]) && draw(mix(w->user_key[user] ^ s->key[k]), 1) & 1 &&
            does_follow(w, user, s->author[k]))
            continue;
        chosen[count++] = k;
    }
    return count;
}

/* The reaction of a user to a chosen listing. */
static int react_to_listed(const world *w, const shelf *s, int k, uint32_t pair, int32_t mood, int32_t expressive) {
    int32_t eager = mood + expressive, half = eager >> 1, fond = s->like[k] + eager;
    int watched = draw(pair, 2) < chance_of(w, s->watch[k] + mood);
    int liked = draw(pair, 3) < chance_of(w, (int32_t)w->like + fond);
    int commented = draw(pair, 4) < chance_of(w, (int32_t)w->comment + half);
    int shared = draw(pair, 5) < chance_of(w, s->share[k] + half);
    int followed = draw(pair, 6) < chance_of(w, (int32_t)w->follow + fond);
    int reported = draw(pair, 7) < chance_of(w, (int32_t)w->report - mood);
    int acts = WATCHED | liked << 1 | commented << 2 | shared << 3 | followed << 4;
    int flag = (watched ? acts : reported << 5) | (s->candidate[k] >= 0 ? CARRIED : 0);
    if (watched && s->spoken_of[k] >= 0 && draw(pair, 8) < (uint64_t)w->open_comments) flag |= OPENED | CARRIED;
    return flag;
}

/* Rank a block's listings for one visitor, show the best, and note what was shown; returns how many. */
static int show_listed(
    const world *w, shelf *s, int32_t user, int shown, int wanted, int trials, const int32_t *own, int64_t word,
    uint32_t bit, int32_t *learned, int *acted, int32_t *feed_row, uint8_t *feed_lane, uint8_t *feed_flags) {
    int chosen[LONGEST_FEED], size = s->size;
    int32_t interest[AXES];
    uint64_t kept = 0, followed[WORDS] = {0};
    set_followed(w, user, followed);
    for (int64_t i = 0; i < w->inbox_room; i++) kept |= 1ull << (w->inbox[user * w->inbox_room + i] & 63);
    rank(w, s, user, own, word, bit);
    int count = choose(w, s, user, 0, s->split, 0, trials, kept, followed, chosen);
    count = choose(w, s, user, s->split, size, count, wanted - shown, kept, followed, chosen);
    for (int axis = 0; axis < AXES; axis++) interest[axis] = w->interest[user * AXES + axis];
    for (int j = 0; j < count; j++) {
        int k = chosen[j];
        int32_t cosine = 0;
        for (int axis = 0; axis < AXES; axis++) cosine += interest[axis] * s->topic[axis * size + k];
        int32_t mood = (int32_t)mood_of(w, cosine, s->proof[k]);
        int flag = react_to_listed(w, s, k, mix(w->user_key[user] ^ s->key[k]), mood, w->expressive[user]);
        int32_t change = (flag & WATCHED ? 256 : 0) - (int32_t)w->watch_mean;
        feed_row[shown + j] = s->row[k];
        feed_lane[shown + j] = k < s->split ? TRIAL : PROMOTED;
        feed_flags[shown + j] = (uint8_t)flag;
        s->seen[word * size + k] |= bit;
        s->views[k]++;
        s->watched[k] += flag & WATCHED;
        *acted += __builtin_popcount(flag & ACTS);
        for (int axis = 0; axis < AXES; axis++) learned[axis] += change * s->topic[axis * size + k];
    }
    return count;
}

/* One visitor of a block. */
static void visit(const world *w, int64_t block, int64_t v, shelf *s, const int32_t *middle) {
    int32_t user = w->visitors[v], own[AXES], learned[AXES] = {0};
    int wanted = w->videos[v], acted = 0;
    int64_t local = user - block * w->block_users;
    int32_t *feed_row = w->feed_row + w->offset[v], *taste = w->taste + user * AXES;
    uint8_t *feed_lane = w->feed_lane + w->offset[v], *feed_flags = w->feed_flags + w->offset[v];
    uint32_t luck = draw(w->session_key[v], 6);
    for (int axis = 0; axis < AXES; axis++) own[axis] = taste[axis] - middle[axis];
    int shown = meet_shared(w, user, wanted, feed_row, feed_lane);
    int tries = (int)((wanted * w->followed_share + (luck & 0xFFFF)) >> 16);
    shown = meet_followed(w, user, wanted, shown, w->session_key[v], tries, feed_row, feed_lane);
    for (int i = 0; i < shown; i++) {
        int flag = reaction(w, feed_row[i], feed_lane[i], user);
        int32_t change = (flag & WATCHED ? 256 : 0) - (int32_t)w->watch_mean;
        feed_flags[i] = (uint8_t)flag;
        acted += __builtin_popcount(flag & ACTS);
        for (int axis = 0; axis < AXES; axis++) learned[axis] += change * w->post_topic[feed_row[i] * AXES + axis];
    }
    int trials = (int)((wanted * w->trial_share + (luck >> 16)) >> 16), count = 0;
    if (trials > wanted - shown) trials = wanted - shown;
    if (shown < wanted && s->size)
        count = show_listed(w, s, user, shown, wanted, trials, own, local >> 5, 1u << (local & 31), learned, &acted,
                            feed_row, feed_lane, feed_flags);
    w->direct[v] = shown;
    w->feed_length[v] = shown + count;
    w->acts[v] = acted;
    for (int axis = 0; axis < AXES; axis++) {
        int64_t change = (learned[axis] * w->gain >> 15) - ((int64_t)taste[axis] * (shown + count) >> w->memory_bits);
        taste[axis] += (int32_t)change;
        w->taste_sums[block * AXES + axis] += change;
    }
}

/* Write what happened to a block's listings back to the lists, and into the tally. */
static void put_back(const world *w, int64_t block, const shelf *s) {
    int64_t width = w->trial.room + w->promoted.room;
    for (int k = 0; k < s->size; k++) {
        const lists *to = k < s->split ? &w->trial : &w->promoted;
        int64_t place = k < s->split ? k : k - s->split;
        to->shown[block * to->room + place] += s->views[k];
        for (int64_t word = 0; word < w->words; word++)
            to->seen[(block * w->words + word) * to->room + place] = s->seen[word * s->size + k];
        w->tally_row[block * width + k] = s->row[k];
        w->tally_views[block * width + k] = s->views[k];
        w->tally_watched[block * width + k] = s->watched[k];
    }
}

/* Fill the feed of each visitor and draw the reactions, block by block. Returns 0, or 1 where memory is short. */
int serve(const world *w) {
    size_t room = (size_t)(w->trial.room + w->promoted.room);
    size_t columns = 14 + AXES + (size_t)w->words;
    int32_t *memory = malloc(sizeof *memory * room * columns), *next = memory;
    if (!memory || w->axes != AXES) return 1;
    shelf s;
    int32_t **column[] = {&s.row, &s.author, &s.standing, &s.watch, &s.like, &s.share, &s.proof, &s.candidate,
                          &s.spoken_of, &s.views, &s.watched, &s.rank, &s.noise};
    for (size_t i = 0; i < sizeof column / sizeof *column; i++, next += room) *column[i] = next;
    s.key = (uint32_t *)next;
    s.seen = (uint32_t *)(next + room);
    s.topic = next + room * (1 + (size_t)w->words);
    for (int64_t block = 0; block < w->blocks; block++) {
        int32_t middle[AXES];
        memset(w->tally_views + block * (int64_t)room, 0, sizeof *w->tally_views * room);
        if (w->block_start[block] == w->block_start[block + 1]) continue;
        stock(w, block, &s);
        for (int axis = 0; axis < AXES; axis++)
            middle[axis] = (int32_t)floor_divide(w->taste_sums[block * AXES + axis], w->block_users);
        for (int64_t v = w->block_start[block]; v < w->block_start[block + 1]; v++) visit(w, block, v, &s, middle);
        put_back(w, block, &s);
    }
    free(memory);
    return 0;
}
