//! Links every crate that needs neither std nor alloc: a new one is a dependency and a call in `calls`.
#![no_std]
#![no_main]

#[cfg(feature = "plant-alloc")]
extern crate alloc;
#[cfg(feature = "plant-std")]
extern crate std;

use core::hint::black_box;

/// One function of each crate, so that each is linked.
fn calls(octets: &[u8]) -> usize {
    #[cfg(feature = "plant-alloc")]
    black_box(alloc::vec::Vec::from(octets));
    usize::from(wire::InternetChecksum::of(octets))
}

/// Where the program begins; it is built, and never run.
#[unsafe(no_mangle)]
pub extern "C" fn _start() -> ! {
    black_box(calls(black_box(&[0; 64])));
    stop()
}

/// What core's unwinding tables name; with `panic = "abort"` nothing calls it.
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
