//! The packets of BSD's `enc` interfaces, which show what IPsec decrypts and is about to encrypt.

use crate::packet::Octets;
use crate::sink::{Protocol, Sink, Value};
use crate::walk::Walk;
use crate::words::Words;

static ENC: Protocol = Protocol { filter: "enc", title: "OpenBSD Encapsulating device" };

const LEN: usize = 12;

pub(crate) fn dissect<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>) {
    let header @ [a, b, c, d, _, _, _, _, e, f, g, h] = octets.padded::<LEN>();
    let mut entered = walk.packet.enter(&ENC, octets.first(LEN).whole());
    // The byte order of the capturing machine is not recorded. Address families are small numbers.
    let is_little = header.first_chunk::<4>().is_some_and(|family| u32::from_le_bytes(*family) <= 0xffff);
    let word = |word| if is_little { u32::from_le_bytes(word) } else { u32::from_be_bytes(word) };
    entered.part("enc.af", Value::Unsigned(word([a, b, c, d]).into()), octets, 0, 4);
    let spi = Words::new(&mut entered, *octets).hexadecimal::<4>("enc.spi", 4);
    let flags = word([e, f, g, h]);
    if entered.ends_in_header(&ENC, "ENC", "header of an enc interface", LEN, *octets) {
        return;
    }
    let span = octets.span(8, 4);
    let mut inside = entered.enter_field("enc.flags", Value::Hexadecimal(flags.into(), 8), span);
    for (name, flag) in [
        ("enc.flags.payload_enc", 0x0400),
        ("enc.flags.payload_auth", 0x0800),
        ("enc.flags.payload_compress", 0x1000),
        ("enc.flags.header_auth", 0x2000),
    ] {
        inside.field(name, Value::Boolean(flags & flag != 0), span);
    }
    inside.field("enc.flags.reserved", Value::Hexadecimal((flags & 0xffff_c3ff).into(), 8), span);
    inside.leave();
    entered.leave();
    let payload = octets.after(LEN);
    if !walk.ip(&payload) {
        let len = payload.octets.len();
        walk.packet.opaque("data.data", payload);
        walk.packet.summary("ENC", format_args!("spi=0x{spi:08x}, {len} octets"));
    }
}
