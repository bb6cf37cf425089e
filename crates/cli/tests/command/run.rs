//! Runs the tool and keeps its output.

use std::ffi::OsStr;
use std::io::Write;
use std::process::{Command, Stdio};

/// The exit status and the output of a run.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) output: String,
    pub(crate) errors: String,
}

impl Run {
    /// Asserts that the run succeeded without a message, and returns its output.
    pub(crate) fn well(self) -> String {
        assert_eq!((self.status, self.errors.as_str()), (0, ""));
        self.output
    }

    /// Asserts that the run ended with `status` and one line on standard error, and returns that line.
    pub(crate) fn line(&self, status: i32) -> &str {
        assert_eq!((self.status, self.errors.lines().count()), (status, 1), "{}", self.errors);
        self.errors.trim_end()
    }
}

/// The tool, without the variables of the environment that change colours.
pub(crate) fn vpnwire() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vpnwire"));
    command.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE").env_remove("RUST_BACKTRACE");
    command
}

pub(crate) fn run(arguments: &[impl AsRef<OsStr>]) -> Run {
    run_on(arguments, &[])
}

/// Runs the tool with octets on standard input.
pub(crate) fn run_on(arguments: &[impl AsRef<OsStr>], input: &[u8]) -> Run {
    let mut command = vpnwire();
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || {
        // The test does not fail when the tool does not read its input to the end.
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    Run {
        status: output.status.code().unwrap(),
        output: String::from_utf8(output.stdout).unwrap(),
        errors: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Makes a list of arguments from values of different types.
#[macro_export]
macro_rules! arguments {
    ($($argument:expr),* $(,)?) => {
        [$(std::ffi::OsString::from(&$argument)),*]
    };
}
