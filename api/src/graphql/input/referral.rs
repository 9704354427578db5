//! The commands on a referral, each with the version that was read.

use async_graphql::{ID, InputObject};
use trellis_domain::kernel::{Prose, ServiceId, UserId};
use trellis_domain::referral::close_out::CloseOut;
use trellis_domain::referral::complete::Complete;
use trellis_domain::referral::hold::Pause;
use trellis_domain::referral::offer_place::OfferPlace;
use trellis_domain::referral::transfer::Transfer;
use trellis_domain::referral::{self, Target};

use super::{Check, Command};
use crate::graphql::enums::{
    CancelReason, DeclineReason, EndReason, HoldReason, OutOfTurnReason, Outcome, ReopenReason, ReturnReason,
    TransferReason, WithdrawnBy,
};
use crate::graphql::refusal::Refusal;
use crate::graphql::scalars::DateTime;

/// An input that names a referral as it was when it was read, and how the rest of it is parsed.
macro_rules! command {
    (
        $(#[$doc:meta])* $name:ident -> $parsed:ty {
            $($(#[$attribute:meta])* $field:ident: $kind:ty),* $(,)?
        }
        $parse:expr
    ) => {
        $(#[$doc])*
        #[derive(InputObject, Clone)]
        pub struct $name {
            pub referral_id: ID,
            pub version: i32,
            $($(#[$attribute])* pub $field: $kind,)*
            pub idempotency_key: Option<String>,
        }

        impl Command for $name {
            type Parsed = $parsed;

            fn idempotency_key(&self) -> Option<&str> {
                self.idempotency_key.as_deref()
            }

            fn parse(&self) -> Result<$parsed, Refusal> {
                let mut check = Check::new();
                let referral = check.id("referralId", &self.referral_id);
                let version = check.version(self.version);
                let target = referral.zip(version).map(|(referral, version)| Target { referral, version: Some(version) });
                let parse: fn(&Self, &mut Check, Option<Target>) -> Option<$parsed> = $parse;
                let parsed = parse(self, &mut check, target);
                check.finish(parsed)
            }
        }
    };
}

command!(
    /// A command on a referral as it was when it was read.
    ReferralCommandInput -> Target {}
    |_, _, target| target
);

command!(OfferPlaceInput -> OfferPlace {
    /// Needed only when somebody else has waited longer.
    out_of_turn: Option<OutOfTurnReason>,
}
|input, _, target| Some(OfferPlace { target: target?, out_of_turn: input.out_of_turn.map(Into::into) }));

command!(ReturnReferralInput -> (Target, referral::ReturnReason) { reason: ReturnReason }
    |input, _, target| Some((target?, input.reason.into())));

command!(DeclineReferralInput -> (Target, referral::DeclineReason) { reason: DeclineReason }
    |input, _, target| Some((target?, input.reason.into())));

command!(AllocateReferralInput -> (Target, UserId) { user_id: ID }
|input, check, target| {
    let worker = check.id("userId", &input.user_id);
    target.zip(worker)
});

command!(HoldReferralInput -> Pause { reason: HoldReason, until: DateTime }
    |input, _, target| Some(Pause { target: target?, reason: input.reason.into(), until: input.until.0 }));

command!(CompleteReferralInput -> Complete {
    outcome: Outcome,
    support_offered: String,
    outcomes: Option<String>,
    actions_for_referrer: Option<String>,
}
|input, check, target| {
    let support_offered = check.field("supportOffered", Prose::parse(&input.support_offered));
    let outcomes = check.prose("outcomes", input.outcomes.as_deref());
    let actions_for_referrer = check.prose("actionsForReferrer", input.actions_for_referrer.as_deref());
    let close_out = CloseOut {
        support_offered: support_offered?,
        outcomes,
        actions_for_referrer,
    };
    Some(Complete { target: target?, outcome: input.outcome.into(), close_out })
});

command!(EndReferralInput -> (Target, referral::EndReason) { reason: EndReason }
    |input, _, target| Some((target?, input.reason.into())));

command!(WithdrawReferralInput -> (Target, referral::WithdrawnBy) { by: WithdrawnBy }
    |input, _, target| Some((target?, input.by.into())));

command!(CancelReferralInput -> (Target, referral::CancelReason) { reason: CancelReason }
    |input, _, target| Some((target?, input.reason.into())));

command!(TransferReferralInput -> Transfer { service_id: ID, reason: TransferReason }
|input, check, target| {
    let service: Option<ServiceId> = check.id("serviceId", &input.service_id);
    Some(Transfer { target: target?, service: service?, reason: input.reason.into() })
});

command!(ReopenReferralInput -> (Target, referral::ReopenReason) { reason: ReopenReason }
    |input, _, target| Some((target?, input.reason.into())));

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphql::refusal::RefusalCode;

    #[test]
    fn a_command_on_something_that_is_no_referral_names_the_field() {
        let input = ReferralCommandInput {
            referral_id: "per_00000000000000000000000000000007".into(),
            version: 0,
            idempotency_key: None,
        };
        let refusal = input.parse().unwrap_err();
        assert_eq!((refusal.code, refusal.field.as_deref()), (RefusalCode::InvalidInput, Some("referralId")));
        assert!(refusal.message.contains("version: "), "{}", refusal.message);
    }
}
