//! Links without start files, because they need a `main`. The functions that the compiler calls to copy octets are in
//! libc.

fn main() {
    println!("cargo::rustc-link-arg-bins=-nostartfiles");
    println!("cargo::rustc-link-arg-bins=-lc");
}
