//! What is asked in the name of somebody else: every operation that takes an id, with the ids of one network's things or of
//! nothing.

use serde_json::{Value, json};

use crate::loop_over_graphql::agreement;

/// Ids of one network's things, or of nothing.
pub struct Ids {
    pub referral: Value,
    pub version: i64,
    pub person: String,
    pub service: String,
    pub decision: String,
    pub user: String,
    pub task: String,
    pub contact: String,
    pub organisation: String,
    pub membership: String,
    pub invitation: String,
    pub opening: String,
    pub offer: String,
    pub request: String,
    pub application: String,
    pub provider: String,
    pub person_match: String,
    pub node: Vec<String>,
    pub session: String,
    pub passkey: String,
}

/// Every operation that takes an id: its document and variables for these ids.
pub fn probes(ids: &Ids) -> Vec<(&'static str, String, Value)> {
    let node_query = "query($id: ID!) { node(id: $id) { id } }".to_owned();
    let mut all = vec![
        ("person", "query($id: ID!) { person(id: $id) { id name } }".to_owned(), json!({ "id": ids.person })),
        ("referral", "query($id: ID!) { referral(id: $id) { id stage } }".to_owned(), json!({ "id": ids.referral })),
        ("service", "query($id: ID!) { service(id: $id) { id name } }".to_owned(), json!({ "id": ids.service })),
        ("managedOrganisation", "query($id: ID!) { managedOrganisation(id: $id) { id email } }".to_owned(), json!({ "id": ids.organisation })),
        ("staffMember", "query($id: ID!) { staffMember(id: $id) { id email } }".to_owned(), json!({ "id": ids.membership })),
        ("application", "query($id: ID!) { application(id: $id) { id email } }".to_owned(), json!({ "id": ids.application })),
        (
            "spread",
            "query($ids: [ID!]!, $users: [ID!]!) { spread(referralIds: $ids, userIds: $users) { moves { referralId } } }".to_owned(),
            json!({ "ids": [ids.referral], "users": [ids.user] }),
        ),
        ("nodes", "query($ids: [ID!]!) { nodes(ids: $ids) { id } }".to_owned(), json!({ "ids": ids.node })),
        (
            "markReferralRead",
            "mutation($id: ID!) { markReferralRead(referralId: $id) { referral { id } refusal { code message next } } }".to_owned(),
            json!({ "id": ids.referral }),
        ),
        (
            "endSession",
            "mutation($id: ID!) { endSession(sessionId: $id) { done refusal { code message next } } }".to_owned(),
            json!({ "id": ids.session }),
        ),
        (
            "renamePasskey",
            "mutation($id: ID!) { renamePasskey(passkeyId: $id, name: \"x\") { done refusal { code message next } } }".to_owned(),
            json!({ "id": ids.passkey }),
        ),
        (
            "removePasskey",
            "mutation($id: ID!) { removePasskey(passkeyId: $id) { done refusal { code message next } } }".to_owned(),
            json!({ "id": ids.passkey }),
        ),
    ];
    all.extend(ids.node.iter().map(|id| ("node", node_query.clone(), json!({ "id": id }))));
    all.extend(inputs(ids).into_iter().map(|(name, input_type, input)| {
        let query = format!("mutation($input: {input_type}!) {{ {name}(input: $input) {{ refusal {{ code message next }} }} }}");
        (name, query, json!({ "input": input }))
    }));
    all
}

fn inputs(ids: &Ids) -> Vec<(&'static str, &'static str, Value)> {
    let mut all = commands(ids);
    all.extend(others(ids));
    all.extend(custody(ids));
    all.extend(places(ids));
    all
}

/// Commands on a referral.
fn commands(ids: &Ids) -> Vec<(&'static str, &'static str, Value)> {
    let on = |more: Value| {
        let mut input = json!({ "referralId": ids.referral, "version": ids.version });
        if let (Some(input), Some(more)) = (input.as_object_mut(), more.as_object()) {
            input.extend(more.clone());
        }
        input
    };
    let plain = || on(json!({}));
    vec![
        ("sendReferral", "ReferralCommandInput", plain()),
        ("acceptReferral", "ReferralCommandInput", plain()),
        ("waitlistReferral", "ReferralCommandInput", plain()),
        ("offerPlace", "OfferPlaceInput", plain()),
        ("returnReferral", "ReturnReferralInput", on(json!({ "reason": "WRONG_SERVICE" }))),
        ("declineReferral", "DeclineReferralInput", on(json!({ "reason": "OTHER" }))),
        ("allocateReferral", "AllocateReferralInput", on(json!({ "userId": ids.user }))),
        (
            "reassignReferral",
            "ReassignReferralInput",
            on(json!({ "userId": ids.user, "reason": "WORKLOAD" })),
        ),
        (
            "reassignReferrals",
            "ReassignReferralsInput",
            json!({ "moves": [on(json!({ "userId": ids.user }))] }),
        ),
        ("undoAllocation", "UndoAllocationInput", json!({ "referralId": ids.referral })),
        ("undoAllocations", "UndoAllocationsInput", json!({ "referralIds": [ids.referral] })),
        ("undoContact", "UndoContactInput", json!({ "contactId": ids.contact })),
        ("acknowledgeRisk", "ReferralCommandInput", plain()),
        ("startReferral", "ReferralCommandInput", plain()),
        (
            "holdReferral",
            "HoldReferralInput",
            on(json!({ "reason": "AWAY", "until": "2027-01-04T09:00:00Z" })),
        ),
        ("resumeReferral", "ReferralCommandInput", plain()),
        (
            "completeReferral",
            "CompleteReferralInput",
            on(json!({ "outcome": "GOAL_MET", "supportOffered": "x" })),
        ),
        ("endReferral", "EndReferralInput", on(json!({ "reason": "NOT_REACHED" }))),
        ("withdrawReferral", "WithdrawReferralInput", on(json!({ "by": "PERSON" }))),
        ("cancelReferral", "CancelReferralInput", on(json!({ "reason": "SENT_IN_ERROR" }))),
        (
            "transferReferral",
            "TransferReferralInput",
            on(json!({ "serviceId": ids.service, "reason": "MOVED" })),
        ),
        ("reopenReferral", "ReopenReferralInput", on(json!({ "reason": "CAME_BACK" }))),
    ]
}

/// Everything else that names a person, a service, a decision or a task.
fn others(ids: &Ids) -> Vec<(&'static str, &'static str, Value)> {
    vec![
        (
            "referOnward",
            "ReferOnwardInput",
            json!({ "referralId": ids.referral, "serviceId": ids.service, "agreement": agreement() }),
        ),
        (
            "logContact",
            "LogContactInput",
            json!({ "referralId": ids.referral, "channel": "PHONE", "result": "SPOKE", "minutes": 5 }),
        ),
        (
            "enableIdentityProvider",
            "EnableIdentityProviderInput",
            json!({ "providerId": ids.provider, "version": 1, "enabled": true }),
        ),
        ("setCapacity", "SetCapacityInput", json!({ "serviceId": ids.service, "state": "OPEN" })),
        ("finishTask", "FinishTaskInput", json!({ "taskId": ids.task })),
        ("closeEmergency", "CloseEmergencyInput", json!({ "openingId": ids.opening })),
        (
            "answerAccessRequest",
            "AnswerAccessRequestInput",
            json!({ "requestId": ids.request, "answer": "REFUSED" }),
        ),
        (
            "reviewEmergency",
            "ReviewEmergencyInput",
            json!({ "openingId": ids.opening, "verdict": "JUSTIFIED" }),
        ),
        ("withdrawDecision", "WithdrawDecisionInput", json!({ "decisionId": ids.decision })),
        (
            "recordDecision",
            "RecordDecisionInput",
            json!({ "personId": ids.person, "purpose": "REFERRAL", "scope": "FULL", "agreement": agreement() }),
        ),
        ("savePlan", "SavePlanInput", json!({ "personId": ids.person, "version": 0, "whatMatters": "x" })),
        (
            "decideSameness",
            "DecideSamenessInput",
            json!({ "personId": ids.person, "otherPersonId": ids.person, "verdict": "SAME" }),
        ),
        ("takeBackSameness", "TakeBackSamenessInput", json!({ "matchId": ids.person_match })),
        (
            "changePreferences",
            "ChangePreferencesInput",
            json!({ "personId": ids.person, "version": 1, "preferences": { "channels": ["PHONE"] } }),
        ),
        (
            "refer",
            "ReferInput",
            json!({ "personId": ids.person, "serviceId": ids.service, "needs": ["MONEY"], "risk": "NONE_KNOWN", "agreement": agreement() }),
        ),
        (
            "draftReferral",
            "DraftReferralInput",
            json!({ "personId": ids.person, "serviceId": ids.service, "needs": ["MONEY"], "risk": "NONE_KNOWN" }),
        ),
    ]
}

/// Everything about the custody of records.
fn custody(ids: &Ids) -> Vec<(&'static str, &'static str, Value)> {
    vec![
        ("withdrawCustodyOffer", "WithdrawCustodyOfferInput", json!({ "offerId": ids.offer })),
        (
            "answerCustodyOffer",
            "AnswerCustodyOfferInput",
            json!({ "offerId": ids.offer, "answer": "ACCEPT" }),
        ),
        (
            "offerCustody",
            "OfferCustodyInput",
            json!({ "organisationId": ids.organisation, "reason": "MERGER" }),
        ),
    ]
}

/// Everything that names an organisation, a member or an invitation.
fn places(ids: &Ids) -> Vec<(&'static str, &'static str, Value)> {
    let organisation = json!({ "organisationId": ids.organisation });
    let member = json!({ "membershipId": ids.membership });
    let application = json!({ "applicationId": ids.application });
    let invitation = json!({ "invitationId": ids.invitation });
    let with = |base: &Value, more: Value| {
        let mut input = base.clone();
        if let (Some(input), Some(more)) = (input.as_object_mut(), more.as_object()) {
            input.extend(more.clone());
        }
        input
    };
    let agreement = json!({ "agreement": { "kind": "OTHER", "version": "1", "agreedOn": "2026-11-23" } });
    vec![
        (
            "inviteMember",
            "InviteMemberInput",
            with(&organisation, json!({ "email": "x@example.org", "roles": ["ANALYST"] })),
        ),
        ("resendInvitation", "InvitationInput", invitation.clone()),
        ("withdrawInvitation", "InvitationInput", invitation),
        ("changeRoles", "ChangeRolesInput", with(&member, json!({ "version": 1, "roles": ["ANALYST"] }))),
        ("endMemberSessions", "EndMemberSessionsInput", member.clone()),
        ("startFactorReset", "StartFactorResetInput", member.clone()),
        ("endMembership", "EndMembershipInput", with(&member, json!({ "version": 1 }))),
        (
            "confirmAccess",
            "ConfirmAccessInput",
            json!({ "members": [with(&member, json!({ "version": 1 }))] }),
        ),
        ("exportAccessReview", "ExportAccessReviewInput", organisation.clone()),
        (
            "configureOrganisation",
            "ConfigureOrganisationInput",
            with(&organisation, json!({ "name": "X", "helpPhone": "01632 960 099" })),
        ),
        ("addAgreement", "AddAgreementInput", with(&organisation, agreement)),
        (
            "suspendOrganisation",
            "SuspendOrganisationInput",
            with(&organisation, json!({ "reason": "OTHER" })),
        ),
        ("letInOrganisation", "OrganisationInput", organisation.clone()),
        (
            "nameSuccessor",
            "NameSuccessorInput",
            with(&organisation, json!({ "successorId": ids.organisation })),
        ),
        ("closeOrganisation", "CloseOrganisationInput", organisation),
        ("approveApplication", "ApplicationInput", application.clone()),
        ("askApplicant", "AskApplicantInput", with(&application, json!({ "question": "Who?" }))),
        ("declineApplication", "DeclineApplicationInput", with(&application, json!({ "reason": "OTHER" }))),
    ]
}

/// The same shapes, of nothing.
pub fn nothing(like: &Ids) -> Ids {
    let other = |id: &str| match id.rsplit_once('_') {
        Some((prefix, digits)) => format!("{prefix}_{}", digits.chars().rev().collect::<String>()),
        None => id.to_owned(),
    };
    Ids {
        referral: json!(other(like.referral.as_str().unwrap_or_default())),
        version: like.version,
        person: other(&like.person),
        service: other(&like.service),
        decision: other(&like.decision),
        user: other(&like.user),
        task: other(&like.task),
        contact: other(&like.contact),
        organisation: other(&like.organisation),
        membership: other(&like.membership),
        invitation: other(&like.invitation),
        opening: other(&like.opening),
        offer: other(&like.offer),
        request: other(&like.request),
        session: other(&like.session),
        passkey: other(&like.passkey),
        application: other(&like.application),
        provider: other(&like.provider),
        person_match: other(&like.person_match),
        node: like.node.iter().map(|id| other(id)).collect(),
    }
}
