//! Packages with one fault each, and the real one that has them all.

use std::path::Path;

use super::super::{AlreadyThere, Package, Plan, Reason, Report};

const ORGANISATIONS: (&str, &str) = ("organizations.csv", "id,name\no1,Legal Help\n");
const SERVICES: (&str, &str) =
    ("services.csv", "id,organization_id,name,status,fees\ns1,o1,Advice,,Free to everyone\ns2,o1,Clinic,,\n");

fn report(files: &[(&str, &str)]) -> (Plan, Report) {
    let plan = Plan::of(&Package::of_texts(files));
    let report = Report::of(&plan.ledger, &AlreadyThere::default(), true);
    assert!(report.adds_up());
    (plan, report)
}

fn reasons(report: &Report, file: &str) -> Vec<(u64, Reason)> {
    report.refused.iter().filter(|row| row.file == file).map(|row| (row.line, row.reason)).collect()
}

#[test]
fn each_faulty_service_is_refused_by_its_own_reason() {
    let services = "id,organization_id,name,status\n,o1,No id,\ns1,o1,,\ns2,,Orphan,\ns3,o9,Lost,\n\
        s4,o2,Of a refused one,\ns5,o1,Good,\ns5,o1,Same id,\ns6,o1,Odd,asleep\ns7,o1\ns5,o1,Good,\n";
    let organisations = ("organizations.csv", "id,name\no1,Legal Help\no2,\n");
    let (plan, report) = report(&[organisations, ("services.csv", services)]);
    assert_eq!(plan.services.len(), 1);
    let expected = [
        Reason::MissingId,
        Reason::MissingName,
        Reason::MissingParent,
        Reason::DanglingParent,
        Reason::ParentRefused,
        Reason::DuplicateId,
        Reason::UnknownStatus,
        Reason::Malformed,
        Reason::RepeatedRow,
    ];
    let lines = [2, 3, 4, 5, 6, 8, 9, 10, 11];
    assert_eq!(reasons(&report, "services.csv"), lines.into_iter().zip(expected).collect::<Vec<_>>());
}

#[test]
fn a_field_may_name_several_services_and_one_that_nobody_knows() {
    let links =
        "id,service_id,location_id\n,\"s1,s2\",p1\n,\"s1,Unnamed record\",p2\n,Unnamed record,p2\n,,p2\n";
    let places = ("locations.csv", "id,organization_id,name\np1,o1,Library\np2,o1,Court\np3,o1,Nowhere\n");
    let (plan, report) = report(&[ORGANISATIONS, SERVICES, places, ("service_at_location.csv", links)]);
    let refused = reasons(&report, "service_at_location.csv");
    assert_eq!(refused, [(4, Reason::DanglingParent), (5, Reason::MissingParent)]);
    assert_eq!(reasons(&report, "locations.csv"), [(4, Reason::NoService)]);
    let described: Vec<_> = plan.services.iter().map(|s| s.description().unwrap_or_default()).collect();
    assert_eq!(described, ["Fees: Free to everyone\nWhere: Library\nWhere: Court", "Where: Library"]);
}

#[test]
fn phones_hours_and_rules_end_in_their_services_or_are_refused() {
    let files = [
        ORGANISATIONS,
        SERVICES,
        ("locations.csv", "id,organization_id,name\np1,o1,Library\n"),
        ("service_at_location.csv", "id,service_id,location_id\n,s1,p1\n"),
        ("phones.csv", "location_id,service_id,number\np1,,312 555 0100\np1,,\n,s2,312 555 0101\n,,1\n"),
        ("schedules.csv", "location_id,weekday,opens_at,closes_at\np1,Monday,9:00,17:00\np1,Tuesday,,\n"),
        ("eligibilities.csv", "service_id,eligibility\ns1,Low income\ns1,\ns1,Low income\n"),
        ("programs.csv", "id,name\n1,Something else\n"),
    ];
    let (plan, report) = report(&files);
    assert_eq!(plan.organisations[0].help_phone.as_deref(), Some("312 555 0100"));
    assert_eq!(reasons(&report, "phones.csv"), [(3, Reason::MissingValue), (5, Reason::MissingParent)]);
    assert_eq!(reasons(&report, "schedules.csv"), [(3, Reason::MissingValue)]);
    let rules = [(3, Reason::MissingValue), (4, Reason::RepeatedRow)];
    assert_eq!(reasons(&report, "eligibilities.csv"), rules);
    assert_eq!(reasons(&report, "programs.csv"), [(2, Reason::NotSupported)]);
    let first = plan.services[0].description().unwrap();
    assert!(
        first.contains("Who it is for: Low income") && first.contains("Open there: Monday 9:00 to 17:00")
    );
    assert!(plan.services[1].description().unwrap().contains("Phone: 312 555 0101"));
}

#[test]
fn the_report_of_the_illinois_directory_adds_up_to_the_row() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/illinois");
    let plan = Plan::of(&Package::read(&folder).unwrap());
    let report = Report::of(&plan.ledger, &AlreadyThere::default(), true);
    assert!(report.adds_up());
    let read: Vec<(&str, usize)> = report.files.iter().map(|f| (f.file.as_str(), f.read)).collect();
    let expected = [
        ("addresses.csv", 0),
        ("eligibilities.csv", 520),
        ("locations.csv", 520),
        ("organizations.csv", 33),
        ("phones.csv", 520),
        ("schedules.csv", 2492),
        ("service_at_location.csv", 520),
        ("services.csv", 429),
    ];
    assert_eq!(read, expected);
    assert_eq!((plan.organisations.len(), plan.services.len()), (33, 89));
    println!("{report}");
}
