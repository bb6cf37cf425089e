//! An interface of Linux, captured with a packet socket: packet(7).

use std::io::IoSliceMut;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use capture::{Frame, LinkType, Timestamp};
use nix::errno::Errno;
use nix::ifaddrs::{InterfaceAddress, getifaddrs};
use nix::libc;
use nix::net::if_::InterfaceFlags;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::socket::{
    AddressFamily, ControlMessageOwned, LinkAddr, MsgFlags, SetSockOpt as _, SockFlag, SockProtocol,
    SockType, bind, recvmsg, setsockopt, socket, sockopt,
};
use nix::sys::time::TimeSpec;
use nix::{setsockopt_impl, sockopt_impl};
use signal_hook::consts::{SIGINT, SIGTERM};

use super::Received;

/// The greatest number of octets that are kept of a frame. No packet that a network passes on is longer.
const MAX_FRAME_LEN: usize = 1 << 18;

/// The octets that the kernel may hold for this program, in frames that were not read yet.
const KERNEL_BUFFER_LEN: usize = 8 << 20;

/// What is said of a number that the kernel's structure has no room for.
const TOO_LARGE: &str = "the number of the interface is too large for a packet socket";

sockopt_impl!(
    /// Asks for frames that are not for this machine, for as long as the socket is open. nix makes the call.
    Membership,
    SetOnly,
    libc::SOL_PACKET,
    libc::PACKET_ADD_MEMBERSHIP,
    libc::packet_mreq
);

/// An interface that is being captured.
pub(crate) struct Interface {
    name: String,
    index: usize,
    is_loopback: bool,
    link: LinkType,
    socket: OwnedFd,
    // A signal writes to the other end, so that waiting ends.
    signals: UnixStream,
    is_stopped: Arc<AtomicBool>,
    // The number of frames so far.
    count: u64,
    lost: u32,
    buffer: Vec<u8>,
    control: Vec<u8>,
}

impl Interface {
    /// Begins to capture on an interface. From now on, SIGINT and SIGTERM end the capture and not the program.
    pub(crate) fn open(name: &str, is_promiscuous: bool) -> Result<Self, String> {
        let address = find(name)?;
        let link_address = address.address.as_ref().and_then(|address| address.as_link_addr());
        let link_address = link_address.copied().ok_or("the interface has no link layer")?;
        let is_loopback = address.flags.contains(InterfaceFlags::IFF_LOOPBACK);
        let link = link_type(link_address.hatype())?;
        if !address.flags.contains(InterfaceFlags::IFF_UP) {
            return Err(format!("the interface is down: set it up with `ip link set {name} up`"));
        }
        let socket = open_socket()?;
        let index = link_address.ifindex();
        bind(socket.as_raw_fd(), &link_address)
            .map_err(said("the socket cannot be bound to the interface"))?;
        if is_promiscuous && !is_loopback {
            let membership = libc::packet_mreq {
                mr_ifindex: index.try_into().map_err(|_| TOO_LARGE)?,
                mr_type: libc::PACKET_MR_PROMISC.try_into().map_err(|_| TOO_LARGE)?,
                mr_alen: 0,
                mr_address: [0; 8],
            };
            Membership.set(&socket, &membership).map_err(said(
                "the interface does not accept promiscuous mode; --no-promiscuous captures without it",
            ))?;
        }
        let (is_stopped, signals) =
            signals().map_err(|error| format!("signals cannot be caught: {error}"))?;
        Ok(Self {
            name: name.to_owned(),
            index,
            is_loopback,
            link,
            socket,
            signals,
            is_stopped,
            count: 0,
            lost: 0,
            buffer: vec![0; MAX_FRAME_LEN],
            control: nix::cmsg_space!(TimeSpec, u32),
        })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Whether a signal has ended the capture.
    pub(super) fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Relaxed)
    }

    /// How many frames the kernel has dropped.
    pub(super) const fn lost(&self) -> u32 {
        self.lost
    }

    /// Returns the next frame, if one is waiting.
    pub(super) fn receive(&mut self) -> Result<Received<'_>, String> {
        let (len, time) = loop {
            let mut parts = [IoSliceMut::new(&mut self.buffer)];
            let flags = MsgFlags::MSG_DONTWAIT | MsgFlags::MSG_TRUNC;
            let message = match recvmsg::<LinkAddr>(
                self.socket.as_raw_fd(),
                &mut parts,
                Some(&mut self.control),
                flags,
            ) {
                Ok(message) => message,
                Err(Errno::EAGAIN) => return Ok(Received::Nothing),
                Err(Errno::EINTR) => continue,
                Err(Errno::ENETDOWN) => {
                    return Err("the interface went down, so the capture ends here".to_owned());
                }
                Err(error) => return Err(said("no frame can be read from the interface")(error)),
            };
            let mut time = None;
            for control in message.cmsgs().map_err(said("the kernel's data about a frame cannot be read"))? {
                match control {
                    ControlMessageOwned::ScmTimestampns(kernel) => time = Some(kernel),
                    ControlMessageOwned::RxqOvfl(lost) => self.lost = lost,
                    _ => {}
                }
            }
            let is_wanted = message.address.is_none_or(|address| {
                // Before it was bound, the socket received from every interface. Loopback passes on each frame twice.
                address.ifindex() == self.index
                    && !(self.is_loopback && address.pkttype() == libc::PACKET_OUTGOING)
            });
            if is_wanted {
                break (message.bytes, time);
            }
            if self.is_stopped() {
                return Ok(Received::Nothing);
            }
        };
        self.count = self.count.saturating_add(1);
        Ok(Received::Frame(Frame {
            number: self.count,
            time: Some(time.map_or_else(now, from_kernel)),
            time_digits: 9,
            link: self.link,
            len,
            octets: self.buffer.get(..len).unwrap_or(&self.buffer),
        }))
    }

    /// Waits until a frame or a signal comes.
    pub(super) fn wait(&self) -> Result<(), String> {
        let wanted = |fd| PollFd::new(fd, PollFlags::POLLIN);
        let mut both = [wanted(self.socket.as_fd()), wanted(self.signals.as_fd())];
        match poll(&mut both, PollTimeout::NONE) {
            Ok(_) | Err(Errno::EINTR) => Ok(()),
            Err(error) => Err(said("waiting for frames failed")(error)),
        }
    }
}

/// Returns the link layer of an interface.
fn find(name: &str) -> Result<InterfaceAddress, String> {
    let all = getifaddrs().map_err(said("the interfaces cannot be listed"))?;
    let is_link =
        |entry: &InterfaceAddress| entry.address.as_ref().is_some_and(|a| a.as_link_addr().is_some());
    let links: Vec<_> = all.filter(is_link).collect();
    let found = links.iter().find(|entry| entry.interface_name == name);
    found.cloned().ok_or_else(|| {
        let names: Vec<_> = links.iter().map(|entry| entry.interface_name.as_str()).collect();
        format!("there is no interface of this name: the interfaces are {}", names.join(", "))
    })
}

/// Returns the link type of the frames of an interface, from its hardware type in the kernel.
fn link_type(hardware: u16) -> Result<LinkType, String> {
    match hardware {
        libc::ARPHRD_ETHER | libc::ARPHRD_LOOPBACK => Ok(LinkType::ETHERNET),
        libc::ARPHRD_NONE => Ok(LinkType::RAW),
        other => Err(format!(
            "the interface has the hardware type {other}, but only Ethernet (1), loopback (772) and raw IP (65534) can \
             be captured: capture with tcpdump into a pipe, and give this command the file `-`"
        )),
    }
}

/// Opens a socket for the frames of all protocols, with their times and the number of those that were dropped.
fn open_socket() -> Result<OwnedFd, String> {
    let flags = SockFlag::SOCK_CLOEXEC | SockFlag::SOCK_NONBLOCK;
    let socket = socket(AddressFamily::Packet, SockType::Raw, flags, SockProtocol::EthAll);
    let socket = socket.map_err(|error| match error {
        Errno::EPERM | Errno::EACCES => {
            "this user may not capture, which needs the capability CAP_NET_RAW: run the command as root, or give the \
             program the capability with `sudo setcap cap_net_raw+ep PATH-OF-VPNWIRE`"
                .to_owned()
        }
        error => said("no socket for capturing can be opened")(error),
    })?;
    // A kernel that refuses one of these captures all the same: with the clock's time, without the number of frames that
    // were dropped, or with a smaller buffer.
    let _ = setsockopt(&socket, sockopt::ReceiveTimestampns, &true);
    let _ = setsockopt(&socket, sockopt::RxqOvfl, &1);
    if setsockopt(&socket, sockopt::RcvBufForce, &KERNEL_BUFFER_LEN).is_err() {
        let _ = setsockopt(&socket, sockopt::RcvBuf, &KERNEL_BUFFER_LEN);
    }
    Ok(socket)
}

/// Makes SIGINT and SIGTERM set a flag and write to a stream. The second of them ends the program, so that it can be
/// ended when nobody reads its output.
fn signals() -> std::io::Result<(Arc<AtomicBool>, UnixStream)> {
    let is_stopped = Arc::new(AtomicBool::new(false));
    let (ours, theirs) = UnixStream::pair()?;
    for signal in [SIGINT, SIGTERM] {
        signal_hook::flag::register_conditional_default(signal, Arc::clone(&is_stopped))?;
        signal_hook::flag::register(signal, Arc::clone(&is_stopped))?;
        signal_hook::low_level::pipe::register(signal, theirs.try_clone()?)?;
    }
    Ok((is_stopped, ours))
}

/// Says what failed, and the system's reason.
fn said(what: &str) -> impl Fn(Errno) -> String {
    move |error| format!("{what}: {}", error.desc())
}

fn from_kernel(time: TimeSpec) -> Timestamp {
    let nanoseconds = i128::from(time.tv_sec()).saturating_mul(1_000_000_000);
    Timestamp(nanoseconds.saturating_add(i128::from(time.tv_nsec())))
}

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i128::try_from(since.as_nanos()).unwrap_or(i128::MAX))
}
