//! No start files: they would want a `main`. What the compiler calls for copying octets is in libc.

fn main() {
    println!("cargo::rustc-link-arg-bins=-nostartfiles");
    println!("cargo::rustc-link-arg-bins=-lc");
}
