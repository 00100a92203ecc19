//! Waiting for events. Descriptors are always ready; a program that waits for clocks only sleeps until the first of its
//! timeouts, which takes it no time but the clock's.

use super::clock::{self, CLOCKS};
use super::descriptor::{self, FILE, STDERR, STDIN, STDOUT};
use super::errno::{BADF, FAULT, INVAL, SUCCESS};
use super::filesystem;
use super::world::{self, header};
use crate::memory;

/// Bytes of a subscription and of an event.
const SUBSCRIPTION: u32 = 48;
const EVENT: u32 = 32;

/// Types of events.
const CLOCK: u8 = 0;
const READ: u8 = 1;
const WRITE: u8 = 2;

/// The flag of a timeout that is a time, and not from now on.
const ABSOLUTE: u16 = 1;

/// Bytes that standard output and error say they can take.
const WRITABLE: u64 = 1 << 16;

/// Nanoseconds from now until a subscription to a clock has its event.
fn remaining(at: u32) -> u64 {
    let timeout = memory::load64(at.wrapping_add(24));
    if memory::load16(at.wrapping_add(40)) & ABSOLUTE == 0 {
        return timeout;
    }
    timeout.saturating_sub(clock::time(memory::load32(at.wrapping_add(16))))
}

fn is_clock(at: u32) -> bool {
    memory::load8(at.wrapping_add(8)) == CLOCK && memory::load32(at.wrapping_add(16)) < CLOCKS
}

/// Nanoseconds until the first event: none, unless all are of clocks.
fn wait(mut at: u32, mut number: u32) -> u64 {
    let mut least = u64::MAX;
    while number != 0 {
        let remaining = if is_clock(at) { remaining(at) } else { 0 };
        least = least.min(remaining);
        at = at.wrapping_add(SUBSCRIPTION);
        number -= 1;
    }
    least
}

/// Stores an event.
fn store(to: u32, userdata: u64, errno: u32, event: u8, bytes: u64) {
    memory::store64(to, userdata);
    memory::store64(to.wrapping_add(8), u64::from(errno) | u64::from(event) << 16);
    memory::store64(to.wrapping_add(16), bytes);
    memory::store64(to.wrapping_add(24), 0);
}

/// Stores the event of a subscription that is not of a clock.
fn store_ready(to: u32, userdata: u64, event: u8, fd: u32) {
    let state = descriptor::state(fd);
    let bytes = match (event, descriptor::kind(state)) {
        (READ, STDIN) => u64::from(world::length(header(world::STDIN))).saturating_sub(descriptor::offset(fd)),
        (READ, FILE) => filesystem::size(descriptor::node(state)).saturating_sub(descriptor::offset(fd)),
        (WRITE, STDOUT | STDERR) => WRITABLE,
        (READ | WRITE, _) => return store(to, userdata, BADF, event, 0),
        _ => return store(to, userdata, INVAL, event, 0),
    };
    store(to, userdata, SUCCESS, event, bytes);
}

/// Whether an event could be stored where a later subscription is. Events are smaller than subscriptions: if they begin
/// first, each is stored where the subscriptions are done with.
fn overlap(subscriptions: u32, events: u32, number: u32) -> bool {
    events > subscriptions && u64::from(events) < u64::from(subscriptions) + u64::from(SUBSCRIPTION) * u64::from(number)
}

routines! {
    "wasi_snapshot_preview1.poll_oneoff",
    poll_oneoff(subscriptions: u32, events: u32, number: u32, count_at: u32) -> u32 {
        if number == 0 || overlap(subscriptions, events, number) {
            return INVAL;
        }
        let all = u64::from(number);
        if !memory::has(subscriptions, u64::from(SUBSCRIPTION) * all)
            || !memory::has(events, u64::from(EVENT) * all)
            || !memory::has(count_at, 4)
        {
            return FAULT;
        }
        let waited = wait(subscriptions, number);
        let (mut at, mut left, mut to) = (subscriptions, number, events);
        let mut stored = 0;
        while left != 0 {
            let userdata = memory::load64(at);
            if is_clock(at) {
                if remaining(at) <= waited {
                    store(to, userdata, SUCCESS, CLOCK, 0);
                    stored += 1;
                    to = to.wrapping_add(EVENT);
                }
            } else {
                store_ready(to, userdata, memory::load8(at.wrapping_add(8)), memory::load32(at.wrapping_add(16)));
                stored += 1;
                to = to.wrapping_add(EVENT);
            }
            at = at.wrapping_add(SUBSCRIPTION);
            left -= 1;
        }
        clock::pass(waited);
        memory::store32(count_at, stored);
        SUCCESS
    }
}
