//! The gates of vpnwire: `cargo xtask GATE`.
//!
//! A gate prints how many cases it ran and fails on zero. Each is extended by a line in a table at the head of its
//! file (or, for `panic-free`, by a wrapper in its harness). `.ci/run` calls them all.

mod bench_gate;
mod captures;
mod compare_tshark;
mod defaults;
mod english;
mod interop_scapy;
mod layers;
mod package;
mod panic_free;
mod process;
mod public_api;
mod testdata;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The gates of vpnwire.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// No crate depends on one of its own layer or above, and each has what a crate must have.
    Layers,
    /// Where a value stands in for one that is not there, the reason stands beside it.
    Defaults,
    /// The phrases that made our words hard to read do not come back.
    English,
    /// No public function of a codec reaches a panic, shown on the assembly of a release build.
    PanicFree(panic_free::Arguments),
    /// Every field equals tshark's, both ways, but for the accepted differences.
    CompareTshark(compare_tshark::Arguments),
    /// Paired timings against other programs, with the ratios that have to be reached.
    BenchGate(bench_gate::Arguments),
    /// Which of the captures of testdata/captures.txt a folder holds, and whether they are the same.
    Captures(captures::Arguments),
    /// scapy opens what we seal, and we open what scapy seals, for every suite both have.
    InteropScapy,
    /// Every publishable crate can be packaged, and builds from its package.
    Package(package::Arguments),
    /// The public interface of each crate is the one kept in git, each type has one path, and no foreign type shows.
    PublicApi(public_api::Arguments),
    /// Writes the captures of `testdata`, or compares them with what would be written.
    Testdata(testdata::Arguments),
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Layers => layers::run(),
        Command::Defaults => defaults::run(),
        Command::English => english::run(),
        Command::PanicFree(arguments) => panic_free::run(&arguments),
        Command::CompareTshark(arguments) => compare_tshark::run(&arguments),
        Command::BenchGate(arguments) => bench_gate::run(&arguments),
        Command::Captures(arguments) => captures::run(&arguments),
        Command::InteropScapy => interop_scapy::run(),
        Command::Package(arguments) => package::run(&arguments),
        Command::PublicApi(arguments) => return public_api::run(&arguments),
        Command::Testdata(arguments) => testdata::run(&arguments),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("failed: {error:#}");
            ExitCode::FAILURE
        }
    }
}
