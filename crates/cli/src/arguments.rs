//! The arguments of the command line, with their help texts.

mod how;

use std::io::IsTerminal;
use std::num::NonZeroU64;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use dissect::display_filter::DisplayFilter;
use dissect::tables::Handler;
use keys::{Export, IsakmpKeys, PreSharedKey};

use crate::key_arguments::KeyParser;
use crate::notes::{
    DISSECT_NOTES, KEYS_NOTES, PSK_CHECK_NOTES, ROUNDTRIP_NOTES, SECRETS, SHOWN, STATS_NOTES,
};

pub(crate) use how::How;

/// Shows the protocols of IPsec high availability in packet captures.
///
/// Reads pcap and pcapng files, plain or compressed with gzip, and decodes HSRP, ISAKMP, ESP, AH, GRE, NHRP, SCTP and
/// HA messages. Every field has the name that it has in Wireshark's display filters.
#[derive(Debug, Parser)]
#[command(name = "vpnwire", version, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) action: Action,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Action {
    /// Show the packets of captures or of an interface: one line for each packet, the whole tree of fields, or JSON.
    ///
    /// The packets are those of captures, or those that a network interface receives and sends (-i).
    #[command(
        after_long_help = format!("{SECRETS}\n\n{SHOWN}\n\n{DISSECT_NOTES}"),
        override_usage = "vpnwire dissect [OPTIONS] <FILE>...\n       vpnwire dissect [OPTIONS] -i <INTERFACE>"
    )]
    Dissect(Dissect),
    /// Count what captures hold: by protocol, by SA, by group of HSRP, and what is wrong in them.
    ///
    /// All captures are counted as one, in the order in which they are given.
    #[command(after_long_help = format!("{SECRETS}\n\n{STATS_NOTES}"))]
    Stats(Stats),
    /// Decode every message, encode it again from its values, and compare the octets.
    #[command(after_long_help = format!("{SECRETS}\n\n{ROUNDTRIP_NOTES}"))]
    Roundtrip(Roundtrip),
    /// List the SAs in files of keys and in captures, or write their keys in another format with --export.
    ///
    /// No secret is shown unless --export asks for it.
    #[command(after_long_help = format!("{SECRETS}\n\n{KEYS_NOTES}"))]
    Keys(KeysOf),
    /// Try a list of words as the pre-shared key of the aggressive mode exchanges in a capture.
    ///
    /// In aggressive mode the responder sends a hash that is computed with the pre-shared key, and everything else
    /// that goes into the hash is in clear too. Whoever captures one exchange can therefore try any number of keys,
    /// and leaves no trace. Use main mode, or keys of 128 random bits. Use this command only for gateways that are
    /// yours.
    #[command(after_long_help = PSK_CHECK_NOTES)]
    PskCheck(PskCheck),
    /// List the names of fields, with what each holds and the document that defines it.
    ///
    /// These are the names that --filter and --fields take, and that JSON has.
    ///
    /// For example: vpnwire fields isakmp.notify
    Fields {
        /// Only names that contain this text.
        pattern: Option<String>,
    },
    /// Print a completion script for a shell.
    ///
    /// For example, for bash: vpnwire completions bash > /etc/bash_completion.d/vpnwire
    Completions {
        /// The shell that the script is for.
        shell: clap_complete::Shell,
    },
    /// Print the manual page of the tool or of one command, in the troff format of man(1).
    ///
    /// For example: vpnwire man dissect | man -l -
    Man {
        /// The command that the page describes, such as dissect. Without it, the page describes the tool.
        command: Option<String>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Dissect {
    /// The captures to read. `-` is standard input.
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// Capture on this network interface, and show each packet as it comes. Only on Linux.
    ///
    /// The capture goes on until Ctrl-C or until -c says; at the second Ctrl-C the command ends at once. It needs the capability
    /// CAP_NET_RAW. See "Live capture" below.
    ///
    /// For example: -i eth0 -Y hsrp
    #[arg(short = 'i', long = "interface", value_name = "INTERFACE")]
    pub(crate) interface: Option<String>,

    /// Stop after this many frames. They are counted whether or not they are shown.
    #[arg(short = 'c', long = "count", value_name = "COUNT", requires = "interface")]
    pub(crate) count: Option<NonZeroU64>,

    /// Do not make the interface pass on frames that are not for this machine (promiscuous mode).
    #[arg(short = 'p', long = "no-promiscuous", requires = "interface")]
    pub(crate) no_promiscuous: bool,

    /// Show the whole tree of fields of every packet.
    #[arg(short = 'V', long = "tree")]
    pub(crate) tree: bool,

    /// Show all octets in hexadecimal, including keys that packets carry.
    ///
    /// Without this option, octets that no protocol decodes (payloads of unknown protocols, ciphertext, trailers,
    /// unknown elements) are shown as a number of octets, because they may be keys. With it they are shown, and so are
    /// the keys in HA messages: keep the output as safe as keys. The tree also shows the octets of the frame and of
    /// everything that was reassembled or decrypted from it. Without --json this option shows the tree.
    #[arg(short = 'x', long = "octets")]
    pub(crate) octets: bool,

    /// Write one JSON object on each line, for one packet each.
    ///
    /// See "JSON" below.
    #[arg(long, conflicts_with = "tree")]
    pub(crate) json: bool,

    /// Show below each packet the lines that a Cisco router prints for it under `debug crypto isakmp` or `debug crypto
    /// ha`.
    ///
    /// Lines are printed for ISAKMP payloads and for HA messages. Of a key in an HA message only the length is
    /// printed. Lines about things that the router knows and the message does not say are missing: policies,
    /// connection numbers and results. No lines are printed for encrypted payloads.
    #[arg(long, conflicts_with_all = ["tree", "octets", "json"])]
    pub(crate) ios: bool,

    /// Show only packets that contain at least one of these protocols.
    ///
    /// The value is a list of names with commas between them. The names are those of Wireshark's display filters. An
    /// unknown name is refused with a list of all names.
    ///
    /// For example: --protocol isakmp,esp
    #[arg(long, value_name = "PROTOCOL,…", value_delimiter = ',', value_parser = protocol)]
    pub(crate) protocol: Vec<String>,

    /// Show only packets that match this display filter, in Wireshark's syntax.
    ///
    /// A filter asks about fields: whether one is there (esp.icv_bad), or what it holds (hsrp.state == 16). It has the comparisons ==, !=,
    /// ~=, <, <=, > and >=, then contains, matches with a regular expression, and in {…} with values and ranges. Conditions are
    /// joined with and, or, not and parentheses. Addresses may have a prefix length. When a packet has a field several times, one value is
    /// enough, except that != asks that all values differ. `vpnwire fields` lists the names.
    ///
    /// For example: -Y 'ip.addr == 10.0.0.0/8 and not esp'
    #[arg(short = 'Y', long = "filter", value_name = "EXPR")]
    pub(crate) filter: Option<DisplayFilter>,

    /// Write only these fields: one line for each packet, with one column for each field.
    ///
    /// The value is a list of names with commas between them; `vpnwire fields` lists the names, and _ws.col.info is the summary of the packet. Several values of a
    /// field stand in one column with commas between them. With --json, one object is written for each packet, which holds
    /// only these fields.
    ///
    /// For example: --fields frame.number,ip.src,hsrp.state
    #[arg(long, value_name = "FIELD,…", value_delimiter = ',', conflicts_with_all = ["tree", "ios"])]
    pub(crate) fields: Vec<String>,

    /// Put this text between the columns of --fields. Without this option it is a tab.
    #[arg(
        long,
        value_name = "TEXT",
        requires = "fields",
        conflicts_with = "json",
        default_value = "\t",
        hide_default_value = true
    )]
    pub(crate) separator: String,

    /// Use colour in the output: always, never, or only on a terminal.
    #[arg(long, alias = "color", value_enum, value_name = "WHEN", default_value_t = Colour::Auto)]
    pub(crate) colour: Colour,

    /// Write the packets that were decrypted to this capture file, and overwrite the file if it exists.
    ///
    /// The file is a pcap of raw IP packets with the times of their frames. It holds everything in clear that was
    /// encrypted, including passwords and the keys in HA messages: keep it as safe as keys. Only its owner can read
    /// it.
    ///
    /// A packet of transport mode is written with its IP header as it was before encryption, but without options and
    /// extension headers. When a packet was decrypted inside another, the innermost is written. Dummy packets are left
    /// out. Packets that --protocol hides are written too, and so are packets that could not be verified because no
    /// authentication key is known.
    #[arg(long, value_name = "OUT")]
    pub(crate) decrypted: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) how: How,
}

#[derive(Debug, Args)]
pub(crate) struct KeysOf {
    /// The captures to follow ISAKMP SAs in, with the keys that are given. `-` is standard input.
    ///
    /// At least one capture is needed, unless --keys or --ike-key is given.
    #[arg(value_name = "FILE", required_unless_present_any = ["keys", "ike_key"])]
    pub(crate) files: Vec<PathBuf>,

    /// Read keys of SAs from this file; `-` is standard input. This option may be repeated.
    ///
    /// The formats are those that `vpnwire dissect --keys` reads.
    #[arg(long, value_name = "FILE")]
    pub(crate) keys: Vec<PathBuf>,

    /// Decrypt ISAKMP with the encryption key of one SA. This option may be repeated.
    ///
    /// The value is a row of Wireshark's table ikev1_decryption_table: the initiator's cookie, a comma, and the
    /// encryption key, both in hexadecimal.
    ///
    /// For example: --ike-key 9b1a76aa99111a1f,0001020304050607
    #[arg(long, value_name = "COOKIE,KEY", value_parser = KeyParser::<IsakmpKeys>::new())]
    pub(crate) ike_key: Vec<IsakmpKeys>,

    /// Compute the keys of ISAKMP SAs from this pre-shared key of IKE, TEXT or 0xHEX. This option may be repeated.
    ///
    /// A file of --keys must hold the Diffie-Hellman secret of the SA, or the exponent of either side. At most 16 sets
    /// of keys are tried on one SA.
    #[arg(long, value_name = "SECRET", value_parser = KeyParser::<PreSharedKey>::new())]
    pub(crate) psk: Vec<PreSharedKey>,

    /// Read pre-shared keys of IKE from this file; `-` is standard input. This option may be repeated.
    ///
    /// The file has one key on each line, written as for --psk. This option is safer than --psk: see "Secrets" below.
    #[arg(long, value_name = "FILE")]
    pub(crate) psk_file: Vec<PathBuf>,

    /// Write the keys, with all secrets, in this format: json, esp_sa, ikev1_decryption_table, tcpdump or xfrm.
    ///
    /// The output holds the keys themselves: whoever reads it can read the traffic. json holds everything that --keys
    /// can read. esp_sa and ikev1_decryption_table are files for Wireshark's profile directory. tcpdump is a file of
    /// secrets for its option -E. xfrm is the output of `ip xfrm state`.
    #[arg(long, value_name = "FORMAT")]
    pub(crate) export: Option<Export>,
}

#[derive(Debug, Args)]
pub(crate) struct PskCheck {
    /// The capture that holds the exchanges. `-` is standard input.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,

    /// Read the words from this file, one on each line; `-` is standard input.
    ///
    /// The list may have any length. A line with more than 65536 octets is refused.
    #[arg(long, value_name = "FILE")]
    pub(crate) word_list: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Stats {
    /// The captures to count. `-` is standard input.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// Write one JSON object.
    ///
    /// See "JSON" below.
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) how: How,
}

#[derive(Debug, Args)]
pub(crate) struct Roundtrip {
    /// The captures to read. `-` is standard input.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// Write one JSON object on each line, for one protocol each.
    #[arg(long)]
    pub(crate) json: bool,

    /// Show the octets that were expected and those that came out, including keys.
    ///
    /// Without this option only their numbers are shown.
    #[arg(short = 'x', long = "octets", conflicts_with = "json")]
    pub(crate) octets: bool,

    #[command(flatten)]
    pub(crate) how: How,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal, unless the environment variable NO_COLOR is set or TERM is dumb.
    Auto,
    /// In every output but JSON, even if NO_COLOR is set.
    Always,
    /// In no output.
    Never,
}

impl Colour {
    /// Whether the output has colours.
    pub(crate) fn wanted(self) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => {
                std::io::stdout().is_terminal()
                    && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
                    && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
            }
        }
    }
}

/// Reads a name that `--protocol` takes.
fn protocol(name: &str) -> Result<String, String> {
    if Handler::filters().any(|known| known == name) {
        Ok(name.to_owned())
    } else {
        Err(format!("the protocol is not one of {}", protocols()))
    }
}

/// The names of all protocols.
fn protocols() -> String {
    Handler::filters().collect::<Vec<_>>().join(", ")
}
