//! Wrappers of `sansio`, with tables and timers that have plain keys, and a tiny engine.

use std::time::Duration;

use sansio::{
    Backoff, Engine, Full, Instant, Iter, Jitter, NoMemory, Output, Rate, Schedule, Table, Timers,
    TokenBucket,
};

/// A pair of keys that are compared one after the other.
type Key = (u32, u16);
type Value = [u8; 24];

/// An engine that returns its last input.
#[derive(Debug)]
pub struct Echo {
    timers: Timers<u8>,
    last: Option<(u16, u8)>,
}

impl Engine for Echo {
    type Envelope = u16;
    type Event = u8;

    fn handle(&mut self, now: Instant, envelope: u16, octets: &mut [u8]) {
        let Some(first) = octets.first() else { return };
        self.last = Some((envelope, *first));
        if let Err(full) = self.timers.set(*first, now.saturating_add(Duration::from_secs(1))) {
            self.timers.clear(&full.key);
        }
    }

    fn handle_timeout(&mut self, now: Instant) {
        while let Some((key, _)) = self.timers.pop_due(now) {
            self.last = Some((0, key));
        }
    }

    fn poll(&mut self, _: Instant, buffer: &mut [u8]) -> Output<u16, u8> {
        let Some((envelope, octet)) = self.last else { return Output::Wait(self.timers.deadline()) };
        let Some(first) = buffer.first_mut() else { return Output::BufferTooSmall { needed: 1 } };
        *first = octet;
        self.last = None;
        if envelope == 0 { Output::Event(octet) } else { Output::Transmit { envelope, len: 1 } }
    }
}

#[inline(never)]
pub fn instant_arithmetic(nanos: u64, duration: Duration) -> (Instant, Instant, u64) {
    covers!(
        sansio::instant::Instant::from_nanos,
        sansio::instant::Instant::as_nanos,
        sansio::instant::Instant::saturating_add,
        sansio::instant::Instant::saturating_sub
    );
    let instant = Instant::from_nanos(nanos);
    (instant.saturating_add(duration), instant.saturating_sub(duration), instant.as_nanos())
}

#[inline(never)]
pub fn instant_differences(
    left: Instant,
    right: Instant,
    deadline: Option<Instant>,
) -> (Option<Duration>, Duration, Option<Instant>) {
    covers!(
        sansio::instant::Instant::checked_duration_since,
        sansio::instant::Instant::saturating_duration_since,
        sansio::instant::Instant::earliest
    );
    (
        left.checked_duration_since(right),
        left.saturating_duration_since(right),
        Instant::earliest(Some(left), deadline),
    )
}

#[inline(never)]
pub fn engine_borrowed(mut engine: &mut Echo, now: Instant, octets: &mut [u8]) -> Output<u16, u8> {
    covers!(sansio::engine::E::handle, sansio::engine::E::handle_timeout, sansio::engine::E::poll);
    Engine::handle(&mut engine, now, 1, octets);
    Engine::handle_timeout(&mut engine, now);
    Engine::poll(&mut engine, now, octets)
}

#[inline(never)]
pub fn engine_boxed(engine: &mut Box<Echo>, now: Instant, octets: &mut [u8]) -> Output<u16, u8> {
    covers!(sansio::engine::Box::handle, sansio::engine::Box::handle_timeout, sansio::engine::Box::poll);
    Engine::handle(engine, now, 1, octets);
    Engine::handle_timeout(engine, now);
    Engine::poll(engine, now, octets)
}

#[inline(never)]
pub fn table_with_capacity(capacity: usize) -> Result<Table<Key, Value>, NoMemory> {
    covers!(sansio::table::Table::with_capacity);
    Table::with_capacity(capacity)
}

#[inline(never)]
pub fn table_state(table: &Table<Key, Value>) -> (usize, usize, bool, bool) {
    covers!(
        sansio::table::Table::capacity,
        sansio::table::Table::len,
        sansio::table::Table::is_empty,
        sansio::table::Table::is_full
    );
    (table.capacity(), table.len(), table.is_empty(), table.is_full())
}

#[inline(never)]
pub fn table_insert(
    table: &mut Table<Key, Value>,
    key: Key,
    value: Value,
) -> Result<Option<Value>, Full<Key, Value>> {
    covers!(sansio::table::Table::insert);
    table.insert(key, value)
}

#[inline(never)]
pub fn table_remove(table: &mut Table<Key, Value>, key: &Key) -> Option<Value> {
    covers!(sansio::table::Table::remove);
    table.remove(key)
}

#[inline(never)]
pub fn table_pop_first(table: &mut Table<Key, Value>) -> Option<(Key, Value)> {
    covers!(sansio::table::Table::pop_first);
    table.pop_first()
}

#[inline(never)]
pub fn table_clear(table: &mut Table<Key, Value>) {
    covers!(sansio::table::Table::clear);
    table.clear();
}

#[inline(never)]
pub fn table_retain(table: &mut Table<Key, Value>, octet: u8) {
    covers!(sansio::table::Table::retain);
    table.retain(|key, value| {
        value[0] ^= octet;
        key.0 != u32::from(value[0])
    });
}

#[inline(never)]
pub fn table_get<'t>(table: &'t Table<Key, Value>, key: &Key) -> (Option<&'t Value>, bool) {
    covers!(sansio::table::Table::get, sansio::table::Table::contains_key);
    (table.get(key), table.contains_key(key))
}

#[inline(never)]
pub fn table_get_mut<'t>(table: &'t mut Table<Key, Value>, key: &Key) -> Option<&'t mut Value> {
    covers!(sansio::table::Table::get_mut);
    table.get_mut(key)
}

#[inline(never)]
pub fn table_ends<'t>(table: &'t Table<Key, Value>, key: &Key) -> [Option<(&'t Key, &'t Value)>; 3] {
    covers!(sansio::table::Table::first, sansio::table::Table::last, sansio::table::Table::first_after);
    [table.first(), table.last(), table.first_after(key)]
}

#[inline(never)]
pub fn table_range<'t>(table: &'t Table<Key, Value>, from: Key, to: Key) -> [Iter<'t, Key, Value>; 4] {
    covers!(sansio::table::Table::range, sansio::table::Table::iter, sansio::table::Table::into_iter);
    [table.range(from..to), table.range(..=to), table.iter(), table.into_iter()]
}

#[inline(never)]
pub fn table_iter<'t>(
    iter: &mut Iter<'t, Key, Value>,
) -> ([Option<(&'t Key, &'t Value)>; 2], (usize, Option<usize>)) {
    covers!(
        sansio::table::iter::Iter::next,
        sansio::table::iter::Iter::next_back,
        sansio::table::iter::Iter::size_hint
    );
    ([iter.next(), iter.next_back()], iter.size_hint())
}

#[inline(never)]
pub fn table_eq(left: &Table<Key, Value>, right: &Table<Key, Value>) -> bool {
    covers!(sansio::table::Table::eq);
    left.eq(right)
}

#[inline(never)]
pub fn timers_with_capacity(capacity: usize) -> Result<Timers<Key>, NoMemory> {
    covers!(sansio::timers::Timers::with_capacity);
    Timers::with_capacity(capacity)
}

#[inline(never)]
pub fn timers_state(
    timers: &Timers<Key>,
    key: &Key,
) -> (usize, usize, bool, Option<Instant>, Option<Instant>) {
    covers!(
        sansio::timers::Timers::capacity,
        sansio::timers::Timers::len,
        sansio::timers::Timers::is_empty,
        sansio::timers::Timers::get,
        sansio::timers::Timers::deadline
    );
    (timers.capacity(), timers.len(), timers.is_empty(), timers.get(key), timers.deadline())
}

#[inline(never)]
pub fn timers_set(
    timers: &mut Timers<Key>,
    key: Key,
    at: Instant,
) -> Result<Option<Instant>, Full<Key, Instant>> {
    covers!(sansio::timers::Timers::set);
    timers.set(key, at)
}

#[inline(never)]
pub fn timers_clear(timers: &mut Timers<Key>, key: &Key) -> Option<Instant> {
    covers!(sansio::timers::Timers::clear);
    timers.clear(key)
}

#[inline(never)]
pub fn timers_clear_all(timers: &mut Timers<Key>) {
    covers!(sansio::timers::Timers::clear_all);
    timers.clear_all();
}

#[inline(never)]
pub fn timers_pop_due(timers: &mut Timers<Key>, now: Instant) -> Option<(Key, Instant)> {
    covers!(sansio::timers::Timers::pop_due);
    timers.pop_due(now)
}

#[inline(never)]
pub fn timers_iter(timers: &Timers<Key>) -> [Option<(Key, Instant)>; 2] {
    covers!(sansio::timers::Timers::iter);
    let mut iter = timers.iter();
    [iter.next(), iter.next_back()]
}

#[inline(never)]
pub fn jitter(jitter: Jitter, wait: Duration, random: u32) -> (Duration, Jitter) {
    covers!(sansio::backoff::Jitter::apply, sansio::backoff::Jitter::default);
    (jitter.apply(wait, random), Jitter::default())
}

#[inline(never)]
pub fn backoff_next_wait(backoff: &mut Backoff, schedule: &Schedule, random: u32) -> Option<Duration> {
    covers!(sansio::backoff::Backoff::next_wait);
    backoff.next_wait(schedule, random)
}

#[inline(never)]
pub fn backoff_restart(backoff: &mut Backoff, wait: Duration) -> (u32, Backoff) {
    covers!(
        sansio::backoff::Backoff::new,
        sansio::backoff::Backoff::tries,
        sansio::backoff::Backoff::restart,
        sansio::backoff::Backoff::restart_from
    );
    let tries = backoff.tries();
    backoff.restart();
    let before = *backoff;
    backoff.restart_from(wait);
    (tries, if before == Backoff::new() { *backoff } else { before })
}

#[inline(never)]
pub fn bucket_new(now: Instant, tokens: u32, per: Duration, burst: u32) -> (TokenBucket, TokenBucket) {
    covers!(sansio::bucket::TokenBucket::new, sansio::bucket::Rate::per_second);
    (
        TokenBucket::new(now, Rate { tokens, per }, burst),
        TokenBucket::new(now, Rate::per_second(tokens), burst),
    )
}

#[inline(never)]
pub fn bucket_take(bucket: &mut TokenBucket, now: Instant, tokens: u32) -> bool {
    covers!(sansio::bucket::TokenBucket::take);
    bucket.take(now, tokens)
}

#[inline(never)]
pub fn bucket_state(bucket: &TokenBucket, now: Instant, tokens: u32) -> (u32, Option<Instant>) {
    covers!(sansio::bucket::TokenBucket::available, sansio::bucket::TokenBucket::ready_at);
    (bucket.available(now), bucket.ready_at(now, tokens))
}
