//! Links every crate that needs alloc and no std. A new crate needs a dependency and a call in `calls`.
#![no_std]
#![no_main]

use core::hint::black_box;

/// A published allocator, as a program without std has to bring one.
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

/// Calls one function of each crate, so that each crate is linked.
fn calls(octets: &[u8]) -> usize {
    let now = sansio::Instant::START;
    let mut table = sansio::Table::with_capacity(octets.len()).ok();
    let is_new = table.as_mut().is_some_and(|table| table.insert(octets.len(), now).is_ok());
    let mut timers = sansio::Timers::with_capacity(1).ok();
    let is_set = timers.as_mut().is_some_and(|timers| timers.set(octets.len(), now).is_ok());
    let mut bucket = sansio::TokenBucket::new(now, sansio::Rate::per_second(1), 1);
    usize::from(is_new) ^ usize::from(is_set) ^ usize::from(bucket.take(now, 1))
}

/// The entry point of the program, which is built and never run.
#[unsafe(no_mangle)]
pub extern "C" fn _start() -> ! {
    black_box(calls(black_box(&[0; 64])));
    stop()
}

/// The symbol that core's unwinding tables name. With `panic = "abort"` nothing calls it.
#[unsafe(no_mangle)]
pub extern "C" fn rust_eh_personality() {}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    stop()
}

fn stop() -> ! {
    loop {
        core::hint::spin_loop();
    }
}
