//! The command line.

use std::ffi::OsStr;
use std::fmt;
use std::io::IsTerminal;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::builder::TypedValueParser;
use clap::error::{Error, ErrorKind};
use clap::{Arg, Args, Command, Parser, Subcommand, ValueEnum};
use dissect::tables::{DecodeAs, Handler};
use dissect::{NhrpAuthentication, Options};
use keys::{AhKeys, AssociationKeys, Export, HsrpKey, IsakmpKeys, KeyFileSummary, KeyHint, PreSharedKey};

use crate::secret_file::Lines;
use crate::{Status, complain, secret_file};

/// Dissects captures of IPsec high availability.
///
/// Reads pcap and pcapng files, plain or compressed with gzip, and shows the protocols that let a pair of IPsec gateways
/// survive the loss of one: field by field, under the names that Wireshark's display filters use.
#[derive(Debug, Parser)]
#[command(name = "vpnwire", version, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) action: Action,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Action {
    /// Show what is in captures: a line a packet, the whole tree, or JSON.
    #[command(after_long_help = format!("{SECRETS}\n\n{SHOWN}\n\n{DISSECT_NOTES}"))]
    Dissect(Dissect),
    /// Decode every message, encode it again from its values, and compare the octets.
    #[command(after_long_help = format!("{SECRETS}\n\n{ROUNDTRIP_NOTES}"))]
    Roundtrip(Roundtrip),
    /// List the SAs that files of keys and captures have, or, with --export, write their keys in another format.
    ///
    /// No secret is shown unless --export asks for it.
    #[command(after_long_help = format!("{SECRETS}\n\n{KEYS_NOTES}"))]
    Keys(KeysOf),
    /// Try a list of words as the pre-shared key of the aggressive mode exchanges in a capture.
    ///
    /// In aggressive mode the responder sends a hash under the pre-shared key in the clear, and with it all that it covers:
    /// whoever sees one exchange can try keys without end, and leaves no trace. Use main mode, or keys of 128 random bits. Only
    /// for gateways that are yours. Prints the initiator's cookie of each exchange, and the word that is its key: of all secrets, that
    /// one alone. No key of the exchange itself is shown. A word with control
    /// characters is escaped, and stands in hexadecimal behind, as --psk takes it.
    ///
    /// Exit status: 0; 1 when the key of an exchange is not in the list, or there is no exchange; 2 when a file cannot be opened.
    PskCheck(PskCheck),
    /// Print a completion script for a shell.
    ///
    /// For bash, for example: vpnwire completions bash > /etc/bash_completion.d/vpnwire
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the manual page, of the tool or of one command, in the troff format of man(1).
    ///
    /// For example: vpnwire man dissect | man -l -
    Man {
        /// The command; the tool itself when left out.
        command: Option<String>,
    },
}

const SECRETS: &str = "\
Secrets: a command line can be read by every user of the machine while the command runs (ps shows it), and it stays in the \
history of the shell. Give secrets in files that only you can read, or on standard input: --keys, --hsrp-key-file and --psk-file \
take all that --esp-sa, --ah-sa, --ike-key, --hsrp-key and --psk take.";

const SHOWN: &str = "\
Passwords shown: no key that is given is ever shown. The tree (-V, -x) and --json show the passwords that packets carry: the text authentication of HSRP (hsrp.auth_data and \
hsrp2.auth_data), the password in NHRP's authentication extension (nhrp.auth_ext.data), and, in ISAKMP that is decrypted, the user names, passwords \
and answers of XAUTH (isakmp.cfg.attr.xauth). Keep such output as you keep passwords.";

const DISSECT_NOTES: &str = "\
A part that is broken or cut is named in brackets, with what is wrong and where; the rest of the packet is shown.

JSON: one object a line, with the keys frame, time (RFC 3339, UTC, nanoseconds; null where the file has none), len, \
captured_len, protocols, fields, faults; and file when several files are read. Each field is an array of its values in the \
order in which they occur. Numbers are numbers, addresses are text, octets are lower-case hexadecimal without separators; octets \
that nobody took apart are an object of len, and hexadecimal with --octets. \
Each fault is an object of protocol, source (0 is the frame, others are what was put together or decrypted from it), offset \
and len in octets, and reason.

Examples:
  vpnwire dissect failover.pcap
  vpnwire dissect -V --protocol hsrp --hsrp-key-file hsrp-keys failover.pcapng.gz
  vpnwire dissect --ios --protocol isakmp negotiation.pcap
  vpnwire dissect --keys xfrm-state.txt --decrypted inner.pcap tunnel.pcap
  vpnwire dissect --ios --protocol ha failover.pcap
  tcpdump -w - udp port 1985 | vpnwire dissect -
  vpnwire dissect --json *.pcap | jq 'select(.fields[\"hsrp.opcode\"] == [1])'

Exit status: 0; 1 when a capture ends in the middle of a packet or is damaged (what came before is shown); 2 when a file cannot \
be opened or is no capture, or keys are none.";

const ROUNDTRIP_NOTES: &str = "\
Per protocol over all files: seen is the sum of identical, corrected, different, undecodable and opaque. corrected: only \
derived values that were wrong on the wire (a checksum, a length) differ. opaque: ciphertext without a key. truncated: cut \
by the capture, and not seen. octets_copied counts octets of unknown types, octets_rebuilt all others.

A capture that is cut or damaged is complained of, and what came before counts.

Exit status: 0; 1 when a message came back different; 2 when a file cannot be opened or is no capture, or \
keys are none.";

#[derive(Debug, Args)]
pub(crate) struct Dissect {
    /// Captures to read; `-` is standard input.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// Show the whole tree of every packet.
    #[arg(short = 'V', long = "tree")]
    pub(crate) tree: bool,

    /// Show octets as they stand: in the tree, also those of the frame and of everything reassembled or decrypted from it.
    ///
    /// Without it, octets that nobody took apart (payloads of unknown protocols, ciphertext, trailers, unknown elements) are told by
    /// their number, because they may be keys. With it they are shown, keys in HA messages among them: keep the output as you keep
    /// keys. Without --json it shows the tree.
    #[arg(short = 'x', long = "octets")]
    pub(crate) octets: bool,

    /// Write one JSON object a line and packet.
    #[arg(long, conflicts_with = "tree")]
    pub(crate) json: bool,

    /// Print below each packet the lines that a Cisco router prints of its ISAKMP payloads under `debug crypto isakmp`, and of
    /// its HA messages under `debug crypto ha`.
    ///
    /// Keys in HA messages are told by their lengths alone. What the router knows besides the message is left out: policies, connection numbers, what came of it. Nothing is
    /// printed of encrypted bodies.
    #[arg(long, conflicts_with_all = ["tree", "octets", "json"])]
    pub(crate) ios: bool,

    /// Show only packets that hold one of these protocols, by filter name.
    #[arg(long, value_name = "PROTOCOL,…", value_delimiter = ',', value_parser = protocol)]
    pub(crate) protocol: Vec<String>,

    /// When to use colour. On a terminal, unless NO_COLOR is set, by default.
    #[arg(long, alias = "color", value_enum, value_name = "WHEN", default_value_t = Colour::Auto)]
    pub(crate) colour: Colour,

    /// Write the packets that were decrypted to a capture: pcap, raw IP, with the times of the frames they came in.
    ///
    /// The file holds everything in clear that was encrypted, passwords and the keys in HA messages too: keep it as you keep keys.
    ///
    /// Of transport mode, the packet with its IP header as it was before: options and extension headers are left out. Of packets
    /// in one another, the innermost. Dummy packets are left out. What --protocol leaves out of the display is written all the
    /// same; what could not be verified, for want of a key, is written too. The file is made anew.
    #[arg(long, value_name = "OUT")]
    pub(crate) decrypted: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) how: How,
}

const KEYS_NOTES: &str = "\
Without --export no secret is shown: of each SA its cookies or SPI, its ends, and what it negotiated or what is known of it. With \
captures, the ISAKMP SAs are those in them, and the SAs of ESP and AH that quick modes negotiate are listed once their keys can be \
made.

What a format cannot say of an SA is said on standard error, and the SA is left out. What is lost without a word: tcpdump has no \
authentication keys; esp_sa, tcpdump and xfrm have no ISAKMP SAs, and ikev1_decryption_table has nothing else; xfrm has no \
lifetimes, policies or replay state of ours.

Examples:
  vpnwire keys --keys tunnel.keys.json
  vpnwire keys --keys tunnel.keys.json negotiation.pcap --export esp_sa > esp_sa
  ip xfrm state | vpnwire keys --keys /dev/stdin --export tcpdump > secrets

Exit status: 0; 1 when an SA is left out of an export, or a capture is damaged; 2 when a file cannot be opened or is no capture, \
or keys are none.";

#[derive(Debug, Args)]
pub(crate) struct KeysOf {
    /// Captures, in which ISAKMP SAs are followed with what is known; `-` is standard input.
    #[arg(value_name = "FILE", required_unless_present_any = ["keys", "ike_key"])]
    pub(crate) files: Vec<PathBuf>,

    /// Read keys from a file, in any format that `vpnwire dissect --keys` reads; `-` is standard input. Repeatable.
    #[arg(long, value_name = "FILE")]
    pub(crate) keys: Vec<PathBuf>,

    /// The key of an ISAKMP SA: a row of Wireshark's table ikev1_decryption_table, COOKIE,KEY. Repeatable.
    #[arg(long, value_name = "COOKIE,KEY", value_parser = KeyParser::<IsakmpKeys>::new())]
    pub(crate) ike_key: Vec<IsakmpKeys>,

    /// A pre-shared key of IKE, TEXT or 0xHEX, for SAs whose Diffie-Hellman secret a file of keys holds. Repeatable; at most
    /// 16 sets of keys are tried on an SA.
    #[arg(long, value_name = "SECRET", value_parser = KeyParser::<PreSharedKey>::new())]
    pub(crate) psk: Vec<PreSharedKey>,

    /// Read pre-shared keys of IKE from a file, one on each line, as --psk takes them; `-` is standard input. Repeatable.
    ///
    /// Better than --psk: see "Secrets" below.
    #[arg(long, value_name = "FILE")]
    pub(crate) psk_file: Vec<PathBuf>,

    /// Write the keys in a format, secrets and all: json, esp_sa, ikev1_decryption_table, tcpdump or xfrm.
    ///
    /// This prints the keys themselves: whoever reads them reads the traffic. json is the form that --keys reads with everything
    /// in it; esp_sa and ikev1_decryption_table are files of Wireshark's profile directory; tcpdump has the secrets of its option
    /// -E; xfrm is what `ip xfrm state` prints.
    #[arg(long, value_name = "FORMAT")]
    pub(crate) export: Option<Export>,
}

#[derive(Debug, Args)]
pub(crate) struct PskCheck {
    /// The capture.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,

    /// The words, one a line; `-` is standard input. The list may have any length; a line of more than 65536 octets is refused.
    #[arg(long, value_name = "FILE")]
    pub(crate) word_list: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Roundtrip {
    /// Captures to read; `-` is standard input.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// Write one JSON object a line and protocol.
    #[arg(long)]
    pub(crate) json: bool,

    /// Show which octets were expected and which came out, keys among them; without it, how many.
    #[arg(short = 'x', long = "octets", conflicts_with = "json")]
    pub(crate) octets: bool,

    #[command(flatten)]
    pub(crate) how: How,
}

/// Keys that a file of --hsrp-key-file or --psk-file may have.
const MAX_KEY_COUNT: usize = 1 << 16;

/// What the dissector is told beforehand.
#[derive(Debug, Args)]
pub(crate) struct How {
    /// Take certain octets for a protocol: TABLE==NUMBER,PROTOCOL.
    ///
    /// Tables: udp.port, ip.proto, ethertype, gre.proto, sctp.ppi, wtap_encap (the capture's link type). Repeatable.
    /// For example: --decode-as udp.port==5000,hsrp
    #[arg(long, value_name = "RULE")]
    decode_as: Vec<DecodeAs>,

    /// Verify HSRP's MD5 digests with a key, for one group or for all: `[GROUP:]KEY` or `[GROUP:]0xHEX`.
    ///
    /// Repeatable; keys are numbered from 1 in the order given, and the number of the one that matched is shown, never the
    /// key itself. A key that begins with a number and a colon is written with its group, or in hexadecimal.
    #[arg(long, value_name = "KEY", value_parser = KeyParser::<HsrpKey>::new())]
    hsrp_key: Vec<HsrpKey>,

    /// Read keys of HSRP's MD5 authentication from a file, one on each line, as --hsrp-key takes them; `-` is standard input.
    ///
    /// Repeatable. They are numbered behind those of --hsrp-key. Better than --hsrp-key: see "Secrets" below.
    #[arg(long, value_name = "FILE")]
    hsrp_key_file: Vec<PathBuf>,

    /// Verify and decrypt ESP with the keys of an SA: a row of Wireshark's table esp_sa, or a secret of tcpdump's.
    ///
    /// A row: "IPv4","SOURCE","DESTINATION","SPI","ENCRYPTION","KEY","AUTHENTICATION","KEY", with Wireshark's names of
    /// algorithms, * or prefixes for addresses, * for the SPI or digits of it, and keys as 0x and hexadecimal digits; "32-bit"
    /// or "64-bit" and the high half of the sequence numbers may follow, as in later versions. A secret:
    /// SPI@DESTINATION ALGORITHM:KEY, as tcpdump's -E has it; it has no key for authentication, so that packets are decrypted
    /// and marked as unverified. Repeatable; of several that fit a packet, the first that verifies it is taken. No key is ever
    /// shown.
    #[arg(long, value_name = "SA", value_parser = KeyParser::<AssociationKeys>::with_hints())]
    esp_sa: Vec<AssociationKeys>,

    /// Verify AH with the key of an SA, `[SPI[@DESTINATION]] ALGORITHM:KEY`, as secrets of tcpdump's are written.
    ///
    /// Algorithms: ah-md5-hmac, ah-sha-hmac, ah-sha256-hmac, ah-sha384-hmac, ah-sha512-hmac, ah-aes-xcbc, ah-aes-128-gmac,
    /// ah-aes-192-gmac, ah-aes-256-gmac (whose salt stands behind the key); with an ICV of another length, ah-md5-128-hmac,
    /// ah-sha-160-hmac, ah-sha256-96-hmac, ah-sha256-256-hmac, ah-sha384-384-hmac, ah-sha512-512-hmac. A sender that fills a
    /// shorter password up with zeros has a key that is written in hexadecimal, zeros and all. Without the address, whoever receives; without the
    /// SPI, any SA. Senders that leave the TTL in, or pad to 64 bits in IPv4, are found out. Repeatable. ESP in AH that is not
    /// authenticated by itself is decrypted by a secret of --esp-sa. No key is ever shown.
    #[arg(long, value_name = "SA", value_parser = KeyParser::<AhKeys>::with_hints())]
    ah_sa: Vec<AhKeys>,

    /// Decrypt ISAKMP with the key of an SA: a row of Wireshark's table ikev1_decryption_table, COOKIE,KEY.
    ///
    /// COOKIE is the initiator's, KEY the encryption key as long as its cipher takes it, both in hexadecimal. The key alone
    /// decrypts; it checks no HASH, and makes no keys of ESP. Phase 1 has to be in the capture. Repeatable.
    #[arg(long, value_name = "COOKIE,KEY", value_parser = KeyParser::<IsakmpKeys>::new())]
    ike_key: Vec<IsakmpKeys>,

    /// A pre-shared key of IKE, TEXT or 0xHEX. Repeatable.
    ///
    /// It says nothing without the Diffie-Hellman secret of an SA, or the exponent of either side, which a file of keys holds
    /// (dh and x of the objects in ike). With it, it gives all keys of the SA and of its children.
    #[arg(long, value_name = "SECRET", value_parser = KeyParser::<PreSharedKey>::new())]
    psk: Vec<PreSharedKey>,

    /// Read pre-shared keys of IKE from a file, one on each line, as --psk takes them; `-` is standard input. Repeatable.
    ///
    /// Better than --psk: see "Secrets" below.
    #[arg(long, value_name = "FILE")]
    psk_file: Vec<PathBuf>,

    /// Read keys of SAs from a file, whose format is told from what it holds; `-` is standard input. Repeatable.
    ///
    /// Better than --esp-sa, --ah-sa and --ike-key, whose values it takes as lines: see "Secrets" below. A file of more than 32 MiB or
    /// 262144 SAs is refused.
    ///
    /// An SA whose algorithm, key length or protocol is not known is left out, with a warning on standard error; all others are
    /// used, and the exit status does not change.
    ///
    /// Formats: what `ip xfrm state` prints; the log of strongSwan's charon with chd and ike at level 4; what FortiOS prints under
    /// `diagnose vpn tunnel list` and `diagnose debug application ike -1`; Wireshark's files esp_sa and ikev1_decryption_table; secrets as tcpdump's -E FILE
    /// has them, and those of --ah-sa; JSON with an array child of objects with proto, alg, spi_in, spi_out, enc_i, enc_r, auth_i and auth_r, and an
    /// array ike of objects with cookie_i, cookie_r and any of dh, x, skeyid, skeyid_d, skeyid_a, skeyid_e and ka. What an SA of
    /// IKE gives opens its children too: SKEYID_d, or the secrets it comes from, are enough for everything.
    #[arg(long, value_name = "FILE")]
    keys: Vec<PathBuf>,

    /// Which form NHRP's authentication extension has: the wire does not say.
    ///
    /// cisco is a password in clear text, rfc the address and hash of RFC 2332. auto takes the RFC's form where the length is
    /// that of HMAC-MD5-128, and Cisco's elsewhere.
    #[arg(long, value_enum, value_name = "FORM", default_value_t = NhrpAuth::Auto)]
    nhrp_auth: NhrpAuth,
}

/// The forms of NHRP's authentication extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum NhrpAuth {
    Cisco,
    Rfc,
    Auto,
}

/// The keys of a file that has one on each line. Empty lines are passed over, and nothing else is: a key may begin with any character.
pub(crate) fn key_lines<K: FromStr<Err: fmt::Display>>(path: &Path) -> Result<Vec<K>, Status> {
    let refused = |error: &dyn fmt::Display| {
        complain(format_args!("{}: {error}", path.display()));
        Status::Refused
    };
    let mut lines = Lines::new(secret_file::open(path).map_err(|error| refused(&error))?);
    let mut keys = Vec::new();
    loop {
        let line = match lines.next() {
            Ok(Some(line)) => line,
            Ok(None) if keys.is_empty() => return Err(refused(&"the file holds no key")),
            Ok(None) => return Ok(keys),
            Err(error) => return Err(refused(&error)),
        };
        if line.is_empty() {
            continue;
        }
        if keys.len() == MAX_KEY_COUNT {
            return Err(refused(&format_args!(
                "the file has more than {MAX_KEY_COUNT} keys, which is the most that is read"
            )));
        }
        let key = match std::str::from_utf8(line) {
            Ok(text) => text.parse::<K>().map_err(|error| error.to_string()),
            Err(_) => Err("the key is not UTF-8: write it in hexadecimal".to_owned()),
        };
        let key = key.map_err(|error| format!("line {}: {error}", lines.number()));
        keys.push(key.map_err(|error| refused(&error))?);
    }
}

/// Says what of a file of keys is not used, or is likely not meant as it is written.
pub(crate) fn warn_of_keys(path: &Path, summary: &KeyFileSummary) {
    for warning in &summary.warnings {
        complain(format_args!("{}: {warning}", path.display()));
    }
    if summary.unlisted_count > 0 {
        complain(format_args!("{}: {} more warnings", path.display(), summary.unlisted_count));
    }
}

impl How {
    /// The files, and standard input, that secrets are read from.
    pub(crate) fn secret_files(&self) -> impl Iterator<Item = &Path> {
        self.keys.iter().chain(&self.hsrp_key_file).chain(&self.psk_file).map(PathBuf::as_path)
    }

    /// What a dissector is told of all this. A file of keys that cannot be read, or is none, is complained of.
    pub(crate) fn options(&self) -> Result<Options, Status> {
        let mut options = Options::default();
        options.decode_as.clone_from(&self.decode_as);
        options.keys.hsrp.clone_from(&self.hsrp_key);
        options.keys.associations.clone_from(&self.esp_sa);
        options.keys.isakmp.clone_from(&self.ike_key);
        options.keys.pre_shared.clone_from(&self.psk);
        options.keys.associations.extend(self.ah_sa.iter().map(|keys| keys.0.clone()));
        for path in &self.hsrp_key_file {
            options.keys.hsrp.extend(key_lines(path)?);
        }
        for path in &self.psk_file {
            options.keys.pre_shared.extend(key_lines(path)?);
        }
        for path in &self.keys {
            let refused = |error: &dyn fmt::Display| {
                complain(format_args!("{}: {error}", path.display()));
                Status::Refused
            };
            let file = secret_file::open(path).map_err(|error| refused(&error))?;
            let summary = options.keys.read_from(file).map_err(|error| refused(&error))?;
            warn_of_keys(path, &summary);
        }
        options.nhrp_authentication = match self.nhrp_auth {
            NhrpAuth::Cisco => NhrpAuthentication::Cisco,
            NhrpAuth::Rfc => NhrpAuthentication::Rfc,
            NhrpAuth::Auto => NhrpAuthentication::Auto,
        };
        Ok(options)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    Auto,
    Always,
    Never,
}

impl Colour {
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

/// Reads a key, and does not repeat it where it is none: clap's own parsers show what was given.
#[derive(Clone, Debug)]
struct KeyParser<K> {
    hints: bool,
    kind: PhantomData<fn() -> K>,
}

impl<K> KeyParser<K> {
    const fn new() -> Self {
        Self { hints: false, kind: PhantomData }
    }

    /// Warns of a key of an SA that is likely not meant as it is written.
    const fn with_hints() -> Self {
        Self { hints: true, kind: PhantomData }
    }
}

impl<K> TypedValueParser for KeyParser<K>
where
    K: FromStr<Err: fmt::Display> + Clone + Send + Sync + 'static,
{
    type Value = K;

    fn parse_ref(&self, command: &Command, argument: Option<&Arg>, key: &OsStr) -> Result<K, Error> {
        let refuse = |reason: &dyn fmt::Display| {
            let option = argument.map(ToString::to_string).unwrap_or_default();
            Error::raw(ErrorKind::ValueValidation, format!("invalid value for '{option}': {reason}\n"))
                .with_cmd(command)
        };
        let key = key.to_str().ok_or_else(|| refuse(&"the key is not UTF-8: write it in hexadecimal"))?;
        if let Some(hint) = KeyHint::of(key).filter(|_| self.hints) {
            complain(format_args!("{}: {hint}", argument.map(ToString::to_string).unwrap_or_default()));
        }
        key.parse().map_err(|error| refuse(&error))
    }
}

fn protocol(name: &str) -> Result<String, String> {
    if Handler::filters().any(|known| known == name) {
        Ok(name.to_owned())
    } else {
        let known: Vec<_> = Handler::filters().collect();
        Err(format!("not one of {}", known.join(", ")))
    }
}
