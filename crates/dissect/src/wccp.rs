//! A packet that a router redirects to a web cache in GRE, with the redirect header of WCCP version 2 before it.

use crate::packet::Octets;
use crate::sink::{Protocol, Sink, Value};
use crate::walk::Walk;
use crate::words::Words;

static WCCP: Protocol = Protocol { filter: "gre", title: "WCCP redirect" };

const LEN: usize = 4;

pub(crate) fn dissect<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>) {
    // Version 1 has no header, and IP follows at once. No header of version 2 begins like IPv4.
    let has_header = octets.octets.first().is_some_and(|first| first >> 4 != 4);
    let payload = if has_header { octets.after(LEN) } else { *octets };
    if has_header {
        let mut entered = walk.packet.enter(&WCCP, octets.first(LEN).whole());
        let header = octets.first(LEN);
        let mut inside =
            entered.enter_field("gre.wccp.redirect_header", Value::Octets(header.octets), header.whole());
        let mut words = Words::new(&mut inside, *octets);
        words.flag::<1>("gre.wccp.dynamic_service", 0, 0x80);
        words.flag::<1>("gre.wccp.alternative_bucket_used", 0, 0x40);
        words.flag::<1>("gre.wccp.redirect_header_valid", 0, 0x20);
        words.number::<1>("gre.wccp.service_id", 1);
        words.number::<1>("gre.wccp.alternative_bucket", 2);
        words.number::<1>("gre.wccp.primary_bucket", 3);
        inside.leave();
        if octets.octets.len() < LEN && !octets.cut {
            entered.fault("gre", octets.too_short("WCCP redirect header", LEN), octets.whole());
        }
    }
    if !walk.ip(&payload) {
        walk.packet.opaque("data.data", payload);
        walk.packet.summary("WCCP", format_args!("redirected packet, {} octets", payload.octets.len()));
    }
}
