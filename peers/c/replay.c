/* Replay windows like those of others, 1,024 wide, written from their published descriptions. Each takes sequence numbers one
 * after another, checks and updates, and returns how many it accepted. */
#include <stdint.h>
#include <string.h>

enum { WINDOW = 1024 };

/* RFC 6479: a ring of 32-bit blocks, of which one is redundant. It checks before authentication, and updates after it. */
enum { RING_BLOCKS = WINDOW / 32, RING_SHIFT = 5, RING_WINDOW = WINDOW - 32 };

struct ring {
    uint32_t highest;
    uint32_t blocks[RING_BLOCKS];
};

static int ring_check(const struct ring *ring, uint32_t number)
{
    if (number == 0)
        return 0;
    if (number > ring->highest)
        return 1;
    if (number + RING_WINDOW < ring->highest)
        return 0;
    return !(ring->blocks[(number >> RING_SHIFT) & (RING_BLOCKS - 1)] & (1u << (number & 31)));
}

static int ring_update(struct ring *ring, uint32_t number)
{
    uint32_t index, bit;

    if (!ring_check(ring, number))
        return 0;
    index = number >> RING_SHIFT;
    if (number > ring->highest) {
        uint32_t current = ring->highest >> RING_SHIFT, steps = index - current, step;

        if (steps > RING_BLOCKS)
            steps = RING_BLOCKS;
        for (step = 1; step <= steps; step++)
            ring->blocks[(current + step) & (RING_BLOCKS - 1)] = 0;
        ring->highest = number;
    }
    index &= RING_BLOCKS - 1;
    bit = 1u << (number & 31);
    if (ring->blocks[index] & bit)
        return 0;
    ring->blocks[index] |= bit;
    return 1;
}

uint32_t vpnwire_peer_rfc6479(const uint32_t *numbers, uint32_t count)
{
    struct ring ring;
    uint32_t at, accepted = 0;

    memset(&ring, 0, sizeof ring);
    for (at = 0; at < count; at++)
        if (ring_check(&ring, numbers[at]))
            accepted += ring_update(&ring, numbers[at]);
    return accepted;
}

/* Like DPDK's rte_ipsec: a ring of 64-bit buckets. The high half of the number is inferred, and check and update are two
 * calls. */
enum { BUCKETS = 32, BUCKET_SHIFT = 6 };

struct buckets {
    uint64_t highest;
    uint64_t bits[BUCKETS];
};

static uint64_t buckets_infer(uint64_t highest, uint32_t low)
{
    uint32_t high_half = highest >> 32, low_half = highest, bottom = low_half - WINDOW + 1;

    if (low_half >= WINDOW - 1)
        high_half += low < bottom;
    else
        high_half -= low >= bottom;
    return (uint64_t)high_half << 32 | low;
}

__attribute__((noinline)) static int buckets_check(const struct buckets *buckets, uint64_t number)
{
    if (number == 0)
        return 0;
    if (number > buckets->highest)
        return 1;
    if (number + WINDOW <= buckets->highest)
        return 0;
    return !(buckets->bits[(number >> BUCKET_SHIFT) & (BUCKETS - 1)] >> (number & 63) & 1);
}

__attribute__((noinline)) static int buckets_update(struct buckets *buckets, uint64_t number)
{
    uint64_t bucket = number >> BUCKET_SHIFT, bit = 1ull << (number & 63);

    if (number > buckets->highest) {
        uint64_t last = buckets->highest >> BUCKET_SHIFT, steps = bucket - last, step;

        if (steps > BUCKETS)
            steps = BUCKETS;
        for (step = 1; step <= steps; step++)
            buckets->bits[(last + step) & (BUCKETS - 1)] = 0;
        buckets->highest = number;
    } else if (number + WINDOW <= buckets->highest || buckets->bits[bucket & (BUCKETS - 1)] & bit) {
        return 0;
    }
    buckets->bits[bucket & (BUCKETS - 1)] |= bit;
    return 1;
}

uint32_t vpnwire_peer_buckets(const uint32_t *numbers, uint32_t count)
{
    struct buckets buckets;
    uint32_t at, accepted = 0;

    memset(&buckets, 0, sizeof buckets);
    for (at = 0; at < count; at++) {
        uint64_t number = buckets_infer(buckets.highest, numbers[at]);

        if (buckets_check(&buckets, number))
            accepted += buckets_update(&buckets, number);
    }
    return accepted;
}

/* Like Linux's xfrm: a bitmap as long as the window, with positions modulo its length and bits that are cleared one by one. */
struct bitmap {
    uint32_t highest, window;
    uint32_t words[WINDOW / 32];
};

static uint32_t bitmap_place(const struct bitmap *bitmap, uint32_t number)
{
    uint32_t position = (bitmap->highest - 1) % bitmap->window, back = bitmap->highest - number;

    return position >= back ? (position - back) % bitmap->window : bitmap->window - (back - position);
}

__attribute__((noinline)) static int bitmap_check(const struct bitmap *bitmap, uint32_t number)
{
    uint32_t place;

    if (number == 0)
        return 0;
    if (number > bitmap->highest)
        return 1;
    if (bitmap->highest - number >= bitmap->window)
        return 0;
    place = bitmap_place(bitmap, number);
    return !(bitmap->words[place >> 5] & (1u << (place & 31)));
}

__attribute__((noinline)) static void bitmap_advance(struct bitmap *bitmap, uint32_t number)
{
    uint32_t position = (bitmap->highest - 1) % bitmap->window, place;

    if (number > bitmap->highest) {
        uint32_t steps = number - bitmap->highest, step;

        if (steps < bitmap->window) {
            for (step = 1; step < steps; step++) {
                place = (position + step) % bitmap->window;
                bitmap->words[place >> 5] &= ~(1u << (place & 31));
            }
        } else {
            memset(bitmap->words, 0, sizeof bitmap->words);
        }
        place = (position + steps) % bitmap->window;
        bitmap->highest = number;
    } else {
        place = bitmap_place(bitmap, number);
    }
    bitmap->words[place >> 5] |= 1u << (place & 31);
}

uint32_t vpnwire_peer_bitmap(const uint32_t *numbers, uint32_t count, uint32_t window)
{
    struct bitmap bitmap;
    uint32_t at, accepted = 0;

    memset(&bitmap, 0, sizeof bitmap);
    bitmap.window = window;
    for (at = 0; at < count; at++)
        if (bitmap_check(&bitmap, numbers[at])) {
            bitmap_advance(&bitmap, numbers[at]);
            accepted++;
        }
    return accepted;
}
