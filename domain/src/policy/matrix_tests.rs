//! The printed matrix is the reviewed one, and a permit is given exactly where it says so.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::matrix::print;
use super::{Action, Denial, Guarded, Role, Roles, Side};
use crate::kernel::op_context::{VerifiedLink, VerifiedSession};
use crate::kernel::{Clock, IdSource, OpContext, TypedId};

const REVIEWED: &str = include_str!("matrix.txt");

const SIDES: [Side; 9] = [
    Side::Owner,
    Side::Record,
    Side::Access,
    Side::Emergency,
    Side::Sender,
    Side::Receiver,
    Side::Parent,
    Side::Asker,
    Side::Network,
];

#[derive(Debug)]
struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }
}

impl IdSource for Fixed {
    fn next(&self, _at: Timestamp) -> Uuid {
        Uuid::from_u128(1)
    }
}

fn id<I: TypedId>(number: u128) -> I {
    I::from_uuid(Uuid::from_u128(number))
}

fn acting(role: Role, in_organisation: bool) -> OpContext {
    acting_since(role, in_organisation, Fixed.now())
}

fn acting_since(role: Role, in_organisation: bool, proved_at: Timestamp) -> OpContext {
    let session = VerifiedSession {
        session: id(1),
        user: id(2),
        membership: id(3),
        membership_version: 1,
        network: id(4),
        organisation: in_organisation.then(|| id(5)),
        roles: Roles::from_iter([role]),
        proved_at,
    };
    OpContext::for_session(&session, &Fixed, Arc::new(Fixed))
}

/// Something the actor stands to as the test says.
struct Thing<'a> {
    stands_on: &'a [Side],
    own: bool,
}

impl Guarded for Thing<'_> {
    const KIND: &'static str = "thing";

    fn subject(&self) -> Uuid {
        Uuid::from_u128(9)
    }

    fn stands(&self, side: Side, _op: &OpContext) -> bool {
        self.stands_on.contains(&side)
    }

    fn is_own(&self, _op: &OpContext) -> bool {
        self.own
    }
}

struct Line {
    sides: Vec<Side>,
    fresh: bool,
    reach: BTreeMap<Role, String>,
}

/// Reads the reviewed text as a reviewer does, not the table it was printed from.
fn reviewed() -> BTreeMap<String, Line> {
    let mut lines = REVIEWED.lines().map(|line| line.split(" | ").collect::<Vec<_>>());
    let head = lines.next().unwrap();
    let roles: Vec<Role> = head[3..].iter().map(|code| Role::from_code(code).unwrap()).collect();
    let side =
        |word: &str| SIDES.into_iter().find(|side| format!("{side:?}").eq_ignore_ascii_case(word)).unwrap();
    let line = |cells: Vec<&str>| {
        assert_eq!(cells.len(), 3 + roles.len(), "{cells:?}");
        assert!(["fresh", "-"].contains(&cells[2]), "{cells:?}");
        let reach = roles.iter().copied().zip(cells[3..].iter().map(ToString::to_string)).collect();
        let sides = cells[1].split(" or ").map(side).collect();
        (cells[0].to_string(), Line { sides, fresh: cells[2] == "fresh", reach })
    };
    lines.map(line).collect()
}

/// What the printed words mean.
fn allowed(line: &Line, role: Role, thing: &Thing<'_>, in_organisation: bool) -> bool {
    let on = |side: &Side| line.sides.contains(side) && thing.stands_on.contains(side);
    let near = in_organisation && SIDES.iter().filter(|side| **side != Side::Network).any(on);
    match line.reach[&role].as_str() {
        "-" => false,
        "own" => near && thing.own,
        "organisation" => near,
        "network" => on(&Side::Network),
        other => panic!("{other} is no reach"),
    }
}

#[test]
fn the_policy_is_the_reviewed_one() {
    assert!(
        print() == REVIEWED,
        "the policy has changed. Review the difference, then keep it with\n  cargo run -p trellis-domain \
         --example policy-matrix > domain/src/policy/matrix.txt\nIt is now:\n{}",
        print()
    );
}

#[test]
fn a_permit_is_given_exactly_where_the_printed_matrix_says_so() {
    let reviewed = reviewed();
    assert_eq!(reviewed.len(), Action::ALL.len());
    let alone = SIDES.map(|side| vec![side]);
    let standings = [vec![], SIDES.to_vec()].into_iter().chain(alone).collect::<Vec<_>>();
    for action in Action::ALL {
        let line = &reviewed[action.code()];
        for role in Role::ALL {
            for (stands_on, own, inside) in cases(&standings) {
                let thing = Thing { stands_on, own };
                let permit = acting(*role, inside).authorize(*action, &thing);
                let said = allowed(line, *role, &thing, inside);
                let who = format!("{} by {} on {stands_on:?}, own {own}", action.code(), role.code());
                assert_eq!(permit.is_ok(), said, "{who}, in an organisation {inside}");
            }
        }
    }
}

#[test]
fn what_is_printed_as_fresh_is_refused_to_whoever_proved_it_eleven_minutes_ago() {
    let everything = Thing { stands_on: &SIDES, own: true };
    for (code, line) in reviewed() {
        let action = *Action::ALL.iter().find(|action| action.code() == code).unwrap();
        for (role, _) in action.rule().roles.iter().filter(|(role, _)| role.is_for_people()) {
            let inside = *role != Role::NetworkCoordinator;
            let late = acting_since(*role, inside, Fixed.now() - SignedDuration::from_mins(11));
            let why = late.authorize(action, &everything).err().map(|denied| denied.why);
            assert_eq!(why, line.fresh.then_some(Denial::OldProof), "{code} by {}", role.code());
        }
    }
}

fn cases(standings: &[Vec<Side>]) -> impl Iterator<Item = (&[Side], bool, bool)> {
    let flags = [(false, false), (false, true), (true, false), (true, true)];
    standings.iter().flat_map(move |on| flags.map(|(own, inside)| (on.as_slice(), own, inside)))
}

#[test]
fn nobody_without_a_role_may_do_anything() {
    let nobody = VerifiedSession {
        session: id(1),
        user: id(2),
        membership: id(3),
        membership_version: 1,
        network: id(4),
        organisation: Some(id(5)),
        roles: Roles::default(),
        proved_at: Timestamp::UNIX_EPOCH,
    };
    let op = OpContext::for_session(&nobody, &Fixed, Arc::new(Fixed));
    for action in Action::ALL {
        assert!(op.authorize(*action, &Thing { stands_on: &SIDES, own: true }).is_err(), "{}", action.code());
    }
}

#[test]
fn whoever_holds_a_link_may_answer_verify_look_and_say_how_full_it_is_and_nothing_else() {
    let link = VerifiedLink { link: id(6), network: id(4), organisation: id(5) };
    let op = OpContext::for_link(link, &Fixed, Arc::new(Fixed));
    let everything = Thing { stands_on: &SIDES, own: true };
    let may: Vec<&str> = Action::ALL
        .iter()
        .filter(|action| op.authorize(**action, &everything).is_ok())
        .map(|action| action.code())
        .collect();
    let expected = [
        "person.view_identity",
        "referral.accept",
        "referral.decline",
        "referral.verify_device",
        "referral.view",
        "directory.view",
        "service.set_capacity",
    ];
    assert_eq!(may, expected);
}

#[test]
fn a_role_of_one_organisation_reaches_nothing_of_another_in_the_same_network() {
    let anothers = Thing { stands_on: &[Side::Network], own: true };
    for action in [Action::SetCapacity, Action::PublishService, Action::AddMember, Action::ViewMembers] {
        for role in Role::ALL {
            let reaches = acting(*role, true).authorize(action, &anothers).is_ok();
            let of_the_network = matches!(role, Role::NetworkCoordinator | Role::Job);
            assert!(!reaches || of_the_network, "{} by {}", action.code(), role.code());
        }
    }
}
