//! One line about what was just done, from the code in the address: nothing that somebody else wrote is ever shown. Beside it
//! a button to undo it, where it can be.
use super::address::Address;
use super::desk::Desk;
use super::fields::Fields;
use super::seat::Seat;
use crate::chrome::Undo;

/// What the address says was done, with its undo. `here`: where one is led back to.
pub fn say(desk: &Desk, seat: &mut Seat, asked: &Fields, here: &str) {
    let done = asked.text("done");
    seat.chrome.notice = done_words(done);
    seat.chrome.undo = undone_at(done, asked.text("undo"), here).map(|action| Undo {
        action,
        submission: desk.key(),
        fields: Vec::new(),
    });
}

fn undone_at(done: &str, id: &str, here: &str) -> Option<String> {
    let (path, prefix) = match done {
        "contact" => ("contacts", "con_"),
        "allocate" | "reassign" => ("referrals", "ref_"),
        _ => return None,
    };
    let digits = id.strip_prefix(prefix)?;
    let is_id = digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_id.then(|| Address::to(format!("/{path}/{id}/undo")).with("then", here).to_string())
}

pub fn done_words(code: &str) -> Option<String> {
    DONE.iter().find(|(done, _)| *done == code).map(|(_, words)| (*words).to_owned())
}

const DONE: &[(&str, &str)] = &[
    ("contact", "Contact saved."),
    ("plan", "Plan saved. The one before is kept."),
    ("task", "Marked as done."),
    ("send", "Referral sent."),
    ("refer", "Referral sent."),
    ("accept", "Referral accepted."),
    ("waitlist", "Added to the waiting list."),
    ("offer-place", "Place offered."),
    ("return", "Sent back to whoever asked."),
    ("decline", "Declined. Whoever asked has been told."),
    ("allocate", "Given to the worker."),
    ("reassign", "Given to the other worker. It is due when it was, and what was agreed goes along."),
    ("put-back", "Undone. Whoever had it before has it again."),
    ("contact-undone", "Contact taken back. It stays on the record, and counts for nothing."),
    ("acknowledge-risk", "Risk acknowledged."),
    ("start", "Started."),
    ("hold", "Put on hold."),
    ("resume", "Resumed."),
    ("complete", "Finished. Whoever asked hears what the person lets them hear."),
    ("end", "Ended."),
    ("withdraw", "Withdrawn. Everybody involved has been told."),
    ("cancel", "Cancelled."),
    ("transfer", "Passed on."),
    ("reopen", "Reopened."),
    ("added", "Organisation added. Its first people have been invited."),
    ("suspended", "Suspended. Nobody acts for it from now on."),
    ("let-in", "Let in again."),
    ("closed", "Closed for good. What it held is being settled."),
    ("successor", "Successor named. What is left is looked at again."),
    ("agreement", "Agreement kept."),
    ("approved", "Let in. Whoever applied is invited as administrator."),
    ("asked-applicant", "Question sent."),
    ("declined-applicant", "Declined. They have been told."),
    ("joining", "Saved."),
    ("invited", "Invitation sent."),
    ("taken-back", "Invitation taken back."),
    ("roles", "Roles changed. They hold from the next request."),
    ("signed-out", "Signed out everywhere."),
    ("left", "Membership ended."),
    (
        "reset-begun",
        "They get an e-mail, and go on with their password or stop it. Nothing was taken away yet.",
    ),
    ("access-confirmed", "Confirmed. Who looked, and when, is on record."),
    ("found-same", "Kept together from now on. You can take that back."),
    ("found-different", "Noted. You are not asked again."),
    ("sameness-taken-back", "Taken back. The two records stand apart again."),
    ("emergency", "The record is open to you for 24 hours, to read. Whoever keeps it has been told."),
    ("emergency-closed", "Ended. The record is closed to you."),
    ("emergency-reviewed", "Review saved."),
    ("records-offered", "Offered. Their privacy officers have been told."),
    ("records-withdrawn", "Taken back. Nothing was handed over."),
    ("records-accepted", "Accepted. The records come over one after another; this can take some minutes."),
    ("records-declined", "Declined. Whoever offered has been told."),
    ("answered", "Answered. They have been told."),
    ("app-removed", "The authenticator app was removed, and you were signed out everywhere else."),
    ("passkey-added", "Passkey added."),
    ("passkey-renamed", "Passkey renamed."),
    ("passkey-removed", "The passkey was removed, and you were signed out everywhere else."),
    ("password-changed", "Password changed."),
    ("session-ended", "Signed out there."),
    ("sessions-ended", "Signed out everywhere else."),
    ("settings", "Settings published."),
    ("settings-withdrawn", "Withdrawn. It will not take effect."),
    ("switched", "You switched organisation."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_undone_has_its_address_and_a_forged_one_has_none() {
        let id = format!("con_{}", "0a".repeat(16));
        let there = undone_at("contact", &id, "/people/per_1").unwrap();
        assert_eq!(there, format!("/contacts/{id}/undo?then=%2Fpeople%2Fper_1"));
        assert_eq!(undone_at("allocate", &id, "/"), None, "that is no referral");
        assert_eq!(undone_at("contact", "con_1/../../sign-out", "/"), None);
        assert_eq!(undone_at("withdraw", &id, "/"), None);
    }
}
