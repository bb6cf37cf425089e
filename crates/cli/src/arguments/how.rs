//! The options that all commands have which dissect captures.

use std::fmt;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use dissect::tables::{DecodeAs, DecodeAsError};
use dissect::{NhrpAuthentication, Options};
use keys::{AhKeys, AssociationKeys, HsrpKey, IsakmpKeys, PreSharedKey};

use super::protocols;
use crate::key_arguments::{KeyParser, key_lines, warn_of_keys};
use crate::{Status, complain_of, secret_file};

/// The options that say how a dissector interprets octets, and which keys it has.
#[derive(Debug, Args)]
pub(crate) struct How {
    /// Decode certain packets as a given protocol: TABLE==NUMBER,PROTOCOL. This option may be repeated.
    ///
    /// TABLE is udp.port, tcp.port, ip.proto, ethertype, gre.proto, ppp.protocol, sctp.ppi or wtap_encap (the capture's
    /// link type). NUMBER is decimal, or hexadecimal after 0x. PROTOCOL is a name that --protocol takes.
    ///
    /// For example: --decode-as udp.port==5000,hsrp
    #[arg(long, value_name = "RULE", value_parser = decode_as)]
    decode_as: Vec<DecodeAs>,

    /// Verify HSRP's MD5 digests with this key, for one group or for all: `[GROUP:]KEY` or `[GROUP:]0xHEX`. This
    /// option may be repeated.
    ///
    /// GROUP is a number from 0 to 4095. The keys are numbered from 1 in the order in which they are given. The output
    /// shows the number of the key that matched, and never the key. If the key itself begins with a number and a
    /// colon, put its group before it or write it in hexadecimal.
    ///
    /// For example: --hsrp-key 7:openwall
    #[arg(long, value_name = "KEY", value_parser = KeyParser::<HsrpKey>::new())]
    hsrp_key: Vec<HsrpKey>,

    /// Read keys of HSRP's MD5 authentication from this file; `-` is standard input. This option may be repeated.
    ///
    /// The file has one key on each line, written as for --hsrp-key. The keys are numbered after those of --hsrp-key.
    /// This option is safer than --hsrp-key: see "Secrets" below.
    #[arg(long, value_name = "FILE")]
    hsrp_key_file: Vec<PathBuf>,

    /// Verify and decrypt ESP with the keys of this SA. This option may be repeated.
    ///
    /// The value is a row of Wireshark's table esp_sa, or a secret as tcpdump's option -E takes it. When several SAs
    /// fit a packet, the first that verifies it is used. No key is ever shown.
    ///
    /// A row has eight columns in quotation marks, with commas between them: IPv4 or IPv6, the source, the
    /// destination, the SPI, the encryption algorithm, its key, the authentication algorithm, and its key. The
    /// algorithms have Wireshark's names. An address may be * or a prefix, and the SPI may be * or have * in place of
    /// digits. A key is 0x and hexadecimal digits. Later versions of Wireshark add "32-bit" or "64-bit" and the high
    /// half of the sequence numbers.
    ///
    /// For example: `--esp-sa '"IPv4","*","*","0x100","DES-CBC [RFC2405]","0x0001020304050607","NULL",""'`
    ///
    /// A secret is SPI@DESTINATION ALGORITHM:KEY. It has no authentication key, so packets are decrypted and marked as
    /// not verified.
    ///
    /// For example: --esp-sa '0x100@192.0.2.2 des-cbc:0x0001020304050607'
    #[arg(long, value_name = "SA", value_parser = KeyParser::<AssociationKeys>::with_hints())]
    esp_sa: Vec<AssociationKeys>,

    /// Verify AH with the key of this SA: `[SPI[@DESTINATION]] ALGORITHM:KEY`. This option may be repeated.
    ///
    /// ALGORITHM is ah-md5-hmac, ah-sha-hmac, ah-sha256-hmac, ah-sha384-hmac, ah-sha512-hmac, ah-aes-xcbc,
    /// ah-aes-128-gmac, ah-aes-192-gmac or ah-aes-256-gmac. The key of GMAC is followed by its salt. With an ICV of
    /// another length it is ah-md5-128-hmac, ah-sha-160-hmac, ah-sha256-96-hmac, ah-sha256-256-hmac,
    /// ah-sha384-384-hmac or ah-sha512-512-hmac. If the sender fills a short password up with zeros, write the key in
    /// hexadecimal with these zeros. Without DESTINATION the key is for any receiver, and without SPI it is for any SA.
    /// Senders that include the TTL in the ICV, or that pad the ICV to 64 bits in IPv4, are recognised. ESP without
    /// authentication inside AH is decrypted with a secret of --esp-sa. No key is ever shown.
    ///
    /// For example: --ah-sa '0x100@192.0.2.2 ah-md5-hmac:vpnwire-test-key'
    #[arg(long, value_name = "SA", value_parser = KeyParser::<AhKeys>::with_hints())]
    ah_sa: Vec<AhKeys>,

    /// Do not look into ESP packets without keys that are probably in the clear.
    ///
    /// Nothing in a packet tells NULL encryption. Without this option, a packet for which there are no keys is looked into
    /// when its end is a trailer of ESP and its contents are a packet with the right length and checksum. The output says
    /// that this is a guess.
    #[arg(long)]
    no_esp_null: bool,

    /// Decrypt ISAKMP with the encryption key of one SA. This option may be repeated.
    ///
    /// The value is a row of Wireshark's table ikev1_decryption_table: the initiator's cookie, a comma, and the
    /// encryption key, both in hexadecimal. The key has the length that its cipher needs. Phase 1 must be in the
    /// capture. This key decrypts, but it cannot check a HASH and gives no keys of ESP.
    ///
    /// For example: --ike-key 9b1a76aa99111a1f,0001020304050607
    #[arg(long, value_name = "COOKIE,KEY", value_parser = KeyParser::<IsakmpKeys>::new())]
    ike_key: Vec<IsakmpKeys>,

    /// Compute the keys of ISAKMP SAs from this pre-shared key of IKE, TEXT or 0xHEX. This option may be repeated.
    ///
    /// The key is useful only together with the Diffie-Hellman secret of an SA or the exponent of either side, which a
    /// file of --keys holds (the members dh and x of the objects in ike). Together they give all keys of the SA and of
    /// the SAs of ESP and AH that it negotiates.
    #[arg(long, value_name = "SECRET", value_parser = KeyParser::<PreSharedKey>::new())]
    psk: Vec<PreSharedKey>,

    /// Read pre-shared keys of IKE from this file; `-` is standard input. This option may be repeated.
    ///
    /// The file has one key on each line, written as for --psk. This option is safer than --psk: see "Secrets" below.
    #[arg(long, value_name = "FILE")]
    psk_file: Vec<PathBuf>,

    /// Read keys of SAs from this file, in any of several formats; `-` is standard input. This option may be repeated.
    ///
    /// The format is detected from the contents. These formats are read: the output of `ip xfrm state`; Wireshark's
    /// files esp_sa and ikev1_decryption_table; secrets as tcpdump's option -E takes them, and those of --ah-sa; and
    /// JSON. A file with more than 32 MiB or 262144 SAs is refused. This option is safer than --esp-sa, --ah-sa and
    /// --ike-key, whose values it takes as lines: see "Secrets" below.
    ///
    /// Further formats are the log of strongSwan's charon with chd and ike at level 4, and what FortiOS prints under
    /// `diagnose vpn tunnel list` and `diagnose debug application ike -1`. An SA whose algorithm, key length or protocol
    /// is not known is left out with a warning on standard error; all others are used, and the exit status stays the
    /// same.
    ///
    /// JSON has an array child and an array ike. An object in child has proto, alg, spi_in, spi_out, enc_i, enc_r,
    /// auth_i and auth_r. An object in ike has cookie_i, cookie_r and any of dh, x, skeyid, skeyid_d, skeyid_a,
    /// skeyid_e and ka. SKEYID_d, or the secrets that it is computed from, also gives the keys of the SAs of ESP and
    /// AH that the ISAKMP SA negotiates.
    #[arg(long, value_name = "FILE")]
    keys: Vec<PathBuf>,

    /// Choose the form of NHRP's authentication extension, which the packet does not say.
    #[arg(long, value_enum, value_name = "FORM", default_value_t = NhrpAuth::Auto)]
    nhrp_auth: NhrpAuth,
}

/// The forms of NHRP's authentication extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum NhrpAuth {
    /// A password in clear text, as Cisco routers send it.
    Cisco,
    /// An address and a hash, as RFC 2332 has it.
    Rfc,
    /// The form of the RFC when the length is that of HMAC-MD5-128, and Cisco's form otherwise.
    Auto,
}

impl How {
    /// The files that secrets are read from. `-` is standard input.
    pub(crate) fn secret_files(&self) -> impl Iterator<Item = &Path> {
        self.keys.iter().chain(&self.hsrp_key_file).chain(&self.psk_file).map(PathBuf::as_path)
    }

    /// The options of a dissector. A file of keys that cannot be read or is not valid is reported on standard error.
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
                complain_of(path, error);
                Status::Refused
            };
            let file = secret_file::open(path).map_err(|error| refused(&error))?;
            let summary = options.keys.read_from(file);
            warn_of_keys(path, &summary.map_err(|error| refused(&secret_file::ReadFailure(&error)))?);
        }
        options.guess_null_encryption = !self.no_esp_null;
        options.nhrp_authentication = match self.nhrp_auth {
            NhrpAuth::Cisco => NhrpAuthentication::Cisco,
            NhrpAuth::Rfc => NhrpAuthentication::Rfc,
            NhrpAuth::Auto => NhrpAuthentication::Auto,
        };
        Ok(options)
    }
}

/// Reads a rule of `--decode-as`.
fn decode_as(rule: &str) -> Result<DecodeAs, String> {
    rule.parse().map_err(|error: DecodeAsError| {
        format!(
            "{error}\n\nThe tables are udp.port, ip.proto, ethertype, gre.proto, sctp.ppi and wtap_encap.\n\
             The protocols are {}.",
            protocols()
        )
    })
}
