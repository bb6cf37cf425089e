//! Compiles the C code.

fn main() {
    let files = ["c/evp.c", "c/ipsec_mb.c", "c/replay.c"];
    for file in files {
        println!("cargo::rerun-if-changed={file}");
    }
    cc::Build::new()
        .files(files)
        .std("gnu11")
        .opt_level(2)
        .warnings_into_errors(true)
        .compile("vpnwire_peers");
    println!("cargo::rustc-link-lib=IPSec_MB");
    println!("cargo::rustc-link-lib=crypto");
}
