use super::*;

const PDML: &str = r#"<?xml version="1.0"?>
<pdml><packet>
<proto name="geninfo"><field name="num" show="1"/></proto>
<proto name="frame"><field name="frame.number" show="1"/><field name="frame.len" show="62"/>
<field name="frame.protocols" show="eth:ethertype:ip:udp:hsrp"/></proto>
<proto name="eth"><field name="eth.dst" show="01:00:5e:00:00:02" value="01005e000002">
<field name="eth.dst_resolved" hide="yes" show="x"/><field name="eth.lg" show="0"/></field></proto>
<proto name="hsrp"><field name="hsrp.opcode" show="0" value="00"/><field name="hsrp.virt_ip" show="10.0.0.1"/>
<field name="hsrp2.id" show="0x0a"/><field name="hsrp2.id" show="11"/><field name="" show="Text"/></proto>
</packet></pdml>"#;

const JSON: &str = r#"{"frame":1,"time":"2008-06-19T05:52:16.041638000Z","len":62,"captured_len":62,"protocols":["eth","ip","udp","hsrp"],"fields":{"eth.dst":["01:00:5e:00:00:02"],"hsrp.opcode":[0],"hsrp.virt_ip":["10.0.0.1"],"hsrp2.id":[10,11]},"faults":[]}"#;

fn report(json: &str, pdml: &str) -> Report {
    let scope = Scope::new(&["eth".to_string(), "hsrp".to_string()]).unwrap();
    let holds = |field: &str| scope.holds(field);
    let ours = json::parse(json.as_bytes(), &holds).unwrap();
    let theirs = pdml::parse(pdml.as_bytes(), &holds).unwrap();
    let mut report = Report::default();
    compare("a/b.pcap", false, ours, theirs, &mut report);
    report
}

fn differences(json: &str, pdml: &str) -> Vec<String> {
    let report = report(json, pdml);
    let list = report.differences.iter();
    list.map(|d| format!("{}: [{}] [{}]", d.field, d.ours, d.theirs)).collect()
}

#[test]
fn equal_frames_are_equal() {
    assert_eq!(differences(JSON, PDML), Vec::<String>::new());
    let report = report(JSON, PDML);
    assert_eq!((report.frames, report.values), (1, 5));
}

#[test]
fn a_field_missing_on_either_side_is_a_difference() {
    assert_eq!(
        differences(&JSON.replace(r#","hsrp.virt_ip":["10.0.0.1"]"#, ""), PDML),
        ["hsrp.virt_ip: [] [10.0.0.1]"]
    );
    assert_eq!(
        differences(JSON, &PDML.replace(r#"<field name="hsrp.virt_ip" show="10.0.0.1"/>"#, "")),
        ["hsrp.virt_ip: [10.0.0.1] []"]
    );
}

#[test]
fn order_and_count_of_values_matter() {
    assert_eq!(differences(&JSON.replace("[10,11]", "[11,10]"), PDML), ["hsrp2.id: [11 10] [0x0a 11]"]);
    assert_eq!(differences(&JSON.replace("[10,11]", "[10]"), PDML), ["hsrp2.id: [10] [0x0a 11]"]);
    assert_eq!(differences(&JSON.replace("[10,11]", "[10,11,12]"), PDML), ["hsrp2.id: [10 11 12] [0x0a 11]"]);
}

#[test]
fn a_wrong_value_is_a_difference() {
    assert_eq!(differences(&JSON.replace(":[0]", ":[1]"), PDML), ["hsrp.opcode: [1] [0]"]);
    assert_eq!(
        differences(&JSON.replace("00:00:02", "00:00:03"), PDML),
        ["eth.dst: [01:00:5e:00:00:03] [01:00:5e:00:00:02]"]
    );
}

#[test]
fn a_frame_missing_on_either_side_is_a_difference() {
    assert_eq!(differences("", PDML), ["frame: [absent] [present]"]);
    assert_eq!(differences(JSON, "<pdml></pdml>"), ["frame: [present] [absent]"]);
}

#[test]
fn an_open_difference_fails_and_an_accepted_one_does_not() {
    let json = JSON.replace(":[0]", ":[1]");
    let accepted =
        accepted::parse("hsrp.opcode | file=b.pcap,theirs=0 | RFC 2281 section 5.1: made up").unwrap();
    assert!(conclude(report(&json, PDML), &[], true, false).is_err());
    assert!(conclude(report(&json, PDML), &accepted, true, false).is_ok());
    assert!(conclude(report(&json.replace("[10,11]", "[1]"), PDML), &accepted, true, false).is_err());
}

#[test]
fn an_accepted_difference_that_matches_nothing_fails_a_full_run() {
    let accepted = accepted::parse("hsrp.opcode | * | RFC 2281 section 5.1: made up").unwrap();
    assert!(conclude(report(JSON, PDML), &accepted, true, false).is_err());
    assert!(conclude(report(JSON, PDML), &accepted, false, false).is_ok());
}

#[test]
fn comparing_nothing_fails() {
    assert!(conclude(report("", "<pdml></pdml>"), &[], false, false).is_err());
    assert!(conclude(report(JSON, PDML), &[], false, false).is_ok());
    assert!(Scope::new(&["nonesuch".to_string()]).is_err());
}
