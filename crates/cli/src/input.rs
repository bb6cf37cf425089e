//! Captures from files and from standard input, with a progress bar for long ones.

use std::fs::File;
use std::io::{IsTerminal, Read};
use std::path::Path;

use capture::Capture;
use dissect::Dissector;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::output::{Output, Stop};
use crate::terminal_text::escaped;
use crate::{Status, complain_of, secret_file};

/// The length in octets from which on a file has a progress bar. Shorter files are read before a bar could be seen.
const LONG: u64 = 4 << 20;

/// Reads a capture to its end, or to where it is damaged, and dissects its frames into `sink`.
///
/// A file that cannot be read or is damaged is reported on standard error. `after` is called after each frame.
pub(crate) fn read<S: dissect::sinks::Output>(
    path: &Path,
    dissector: &mut Dissector,
    sink: &mut S,
    output: &mut Output,
    mut after: impl FnMut(&mut S) -> Result<(), Stop>,
) -> Result<Status, Stop> {
    let live = path.as_os_str() == "-";
    let (reader, bar): (Box<dyn Read>, ProgressBar) = if live {
        (Box::new(std::io::stdin().lock()), ProgressBar::hidden())
    } else {
        match open(path) {
            Ok((file, bar)) => (Box::new(bar.wrap_read(file)), bar),
            Err(error) => {
                complain_of(path, &error);
                return Ok(Status::Refused);
            }
        }
    };
    let mut capture = match Capture::new(reader) {
        Ok(capture) => capture,
        Err(error) => {
            bar.finish_and_clear();
            complain_of(path, &error);
            return Ok(Status::Refused);
        }
    };
    let mut status = Status::Fine;
    while let Some(frame) = capture.next_frame() {
        match frame {
            Ok(frame) => dissector.frame(frame, sink),
            Err(error) => {
                output.pass(sink.output(), true)?;
                bar.finish_and_clear();
                complain_of(path, &error);
                status = Status::Damaged;
                break;
            }
        }
        after(sink)?;
        output.pass(sink.output(), live)?;
    }
    bar.finish_and_clear();
    output.pass(sink.output(), true)?;
    Ok(status)
}

/// Opens a file, and makes its progress bar, which is hidden for short files and when standard error is not a terminal.
fn open(path: &Path) -> std::io::Result<(File, ProgressBar)> {
    let file = secret_file::open_file(path)?;
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        return Err(std::io::Error::new(
            std::io::ErrorKind::IsADirectory,
            "this is a directory, but a capture file is needed",
        ));
    }
    let bar = if metadata.len() >= LONG && std::io::stderr().is_terminal() {
        let bar = ProgressBar::with_draw_target(Some(metadata.len()), ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{msg} {bar:40} {bytes}/{total_bytes} {eta}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_message(escaped(&path.to_string_lossy()));
        bar
    } else {
        ProgressBar::hidden()
    };
    Ok((file, bar))
}
