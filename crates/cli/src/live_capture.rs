//! Frames from a network interface, as they come.

#[cfg_attr(target_os = "linux", path = "live_capture/linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "live_capture/elsewhere.rs")]
mod interface;

use std::num::NonZeroU64;

use dissect::Dissector;

use crate::output::{Output, Stop};
use crate::{Status, complain};

pub(crate) use interface::Interface;

/// What an interface has at the moment.
#[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "only an interface of Linux makes these"))]
enum Received<'i> {
    Frame(capture::Frame<'i>),
    /// No frame is waiting.
    Nothing,
}

/// Reads frames until a signal ends the capture, or until there were `limit` frames, and dissects them into `sink`.
///
/// `after` is called after each frame. The output is written at once when no more frames are waiting.
pub(crate) fn read<S: dissect::sinks::Output>(
    interface: &mut Interface,
    limit: Option<NonZeroU64>,
    dissector: &mut Dissector,
    sink: &mut S,
    output: &mut Output,
    mut after: impl FnMut(&mut S) -> Result<(), Stop>,
) -> Result<Status, Stop> {
    let mut status = Status::Fine;
    while !interface.is_stopped() {
        let failed = match interface.receive() {
            Ok(Received::Frame(frame)) => {
                let number = frame.number;
                dissector.frame(frame, sink);
                after(sink)?;
                output.pass(sink.output(), false)?;
                if limit.is_some_and(|limit| limit.get() <= number) {
                    break;
                }
                continue;
            }
            Ok(Received::Nothing) => {
                output.pass(sink.output(), true)?;
                interface.wait()
            }
            Err(error) => Err(error),
        };
        if let Err(error) = failed {
            output.pass(sink.output(), true)?;
            complain(format_args!("{}: {error}", interface.name()));
            status = Status::Damaged;
            break;
        }
    }
    output.pass(sink.output(), true)?;
    let lost = interface.lost();
    if lost != 0 {
        let name = interface.name();
        complain(format_args!(
            "{name}: the kernel dropped {lost} frames, because they came faster than they were read"
        ));
    }
    Ok(status)
}
