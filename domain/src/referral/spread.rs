//! Spread: shares referrals out over several workers by how much work they are. What is overdue longest comes first, and each
//! goes to whoever carries the least then. The same question has the same answer.

use jiff::Timestamp;

use crate::kernel::{ReferralId, UserId};

/// Something to share out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ToShare {
    pub referral: ReferralId,
    pub due: Timestamp,
    pub weight: u32,
}

/// What a worker carries besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Carrying {
    pub user: UserId,
    pub weight: u32,
}

/// Who gets which, in the order in which they were shared out. Nothing where there is nobody.
pub fn spread(mut all: Vec<ToShare>, mut over: Vec<Carrying>) -> Vec<(ReferralId, UserId)> {
    all.sort_by_key(|one| (one.due, one.referral));
    over.sort_by_key(|one| one.user);
    over.dedup_by_key(|one| one.user);
    let mut shared = Vec::with_capacity(all.len());
    for one in all {
        // The first of those who carry as little: by their ids, so that it is the same every time.
        if let Some(least) = over.iter_mut().min_by_key(|carrying| carrying.weight) {
            least.weight = least.weight.saturating_add(one.weight);
            shared.push((one.referral, least.user));
        }
    }
    shared
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::kernel::TypedId;

    fn user(number: u128) -> UserId {
        UserId::from_uuid(uuid::Uuid::from_u128(number))
    }

    fn case(number: u128, due: i64, weight: u32) -> ToShare {
        let referral = ReferralId::from_uuid(uuid::Uuid::from_u128(number));
        ToShare { referral, due: Timestamp::from_second(due).unwrap(), weight }
    }

    fn whose(shared: &[(ReferralId, UserId)]) -> Vec<(u128, u128)> {
        shared.iter().map(|(case, user)| (case.uuid().as_u128(), user.uuid().as_u128())).collect()
    }

    #[test]
    fn what_is_overdue_longest_goes_first_and_each_to_whoever_carries_the_least_then() {
        let all = vec![case(1, 30, 1), case(2, 10, 3), case(3, 20, 1)];
        let over = vec![Carrying { user: user(8), weight: 1 }, Carrying { user: user(9), weight: 2 }];
        // 2 is due first: to 8, who carries 4 then; 3 to 9 (3), and 1 to 9 (4).
        assert_eq!(whose(&spread(all, over)), [(2, 8), (3, 9), (1, 9)]);
    }

    #[test]
    fn over_nobody_nothing_moves() {
        assert!(spread(vec![case(1, 1, 1)], Vec::new()).is_empty());
    }

    proptest! {
        #[test]
        fn everybody_goes_to_somebody_once_the_same_way_and_evenly(
            weights in proptest::collection::vec((1..5_u32, 0..1_000_i64), 0..100),
            carrying in proptest::collection::vec(0..40_u32, 1..8),
            turn in any::<proptest::sample::Index>(),
        ) {
            let all: Vec<ToShare> =
                weights.iter().zip(1..).map(|((weight, due), number)| case(number, *due, *weight)).collect();
            let over: Vec<Carrying> =
                carrying.iter().zip(1..).map(|(weight, number)| Carrying { user: user(number), weight: *weight }).collect();
            let shared = spread(all.clone(), over.clone());
            let mut moved: Vec<ReferralId> = shared.iter().map(|(case, _)| *case).collect();
            moved.sort();
            prop_assert_eq!(moved, all.iter().map(|case| case.referral).collect::<Vec<_>>());

            let (mut again, mut others) = (all.clone(), over.clone());
            again.rotate_left(turn.index(all.len().max(1)).min(all.len()));
            others.rotate_left(turn.index(over.len()));
            prop_assert_eq!(&shared, &spread(again, others), "whatever the order they are named in");

            // Whoever got something carries no more than the heaviest single referral above whoever carries least.
            let weighs = |user: UserId| {
                let had = over.iter().find(|one| one.user == user).map_or(0, |one| one.weight);
                let got = shared.iter().filter(|(_, to)| *to == user);
                had + got.filter_map(|(id, _)| all.iter().find(|case| case.referral == *id)).map(|case| case.weight).sum::<u32>()
            };
            let least = over.iter().map(|one| weighs(one.user)).min().unwrap_or_default();
            for (_, user) in &shared {
                prop_assert!(weighs(*user) <= least + 4);
            }
        }
    }
}
