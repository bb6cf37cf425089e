//! The gates of vpnwire: `cargo xtask GATE`.
//!
//! A gate prints the number of cases that it ran, and fails if there were none. A gate is extended by a line in a
//! table at the top of its file (`panic-free`: by a wrapper in its harness). `.ci/run` calls all gates.

mod bench_gate;
mod captures;
mod compare_filters;
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
    /// Check that no crate depends on one of its own layer or above, and that each crate has the files and settings
    /// that it must have.
    Layers,
    /// Check that every default value in place of a missing one has its reason beside it.
    Defaults,
    /// Check that the phrases which made the project's words hard to read do not come back.
    English,
    /// Check on the assembly of a release build that no public function of a codec reaches a panic.
    PanicFree(panic_free::Arguments),
    /// Compare every field with tshark's in both directions, except for the accepted differences.
    CompareTshark(compare_tshark::Arguments),
    /// Check that display filters match the frames that they match in tshark.
    CompareFilters(compare_filters::Arguments),
    /// Time vpnwire and other programs in pairs, and check the ratios that have to be reached.
    BenchGate(bench_gate::Arguments),
    /// List which captures of testdata/captures.txt a folder holds, and check that they are unchanged.
    Captures(captures::Arguments),
    /// Check that scapy opens the packets that vpnwire seals, and the reverse, for every suite that both have.
    InteropScapy,
    /// Check that every publishable crate can be packaged, and builds from its package.
    Package(package::Arguments),
    /// Check that the public interface of each crate is the one kept in git, that each type has one path, and that no
    /// foreign type is visible.
    PublicApi(public_api::Arguments),
    /// Write the captures of `testdata`, or compare them with the captures that would be written.
    Testdata(testdata::Arguments),
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Layers => layers::run(),
        Command::Defaults => defaults::run(),
        Command::English => english::run(),
        Command::PanicFree(arguments) => panic_free::run(&arguments),
        Command::CompareTshark(arguments) => match compare_tshark::run(&arguments) {
            Ok(status) => return status,
            Err(error) => Err(error),
        },
        Command::CompareFilters(arguments) => compare_filters::run(&arguments),
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
