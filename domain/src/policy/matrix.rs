//! The policy as a table that a reviewer can read. The snapshot of it is reviewed with every change.

use std::fmt::Write;

use super::{Action, Reach, Role};

/// One line an action, whether the actor must have proved who they are just now, and one column a role: `own`, `organisation`, `network` or `-`.
pub fn print() -> String {
    let mut out = String::from("action | sides | proof");
    for role in Role::ALL {
        let _ = write!(out, " | {}", role.code());
    }
    out.push('\n');
    for action in Action::ALL {
        let rule = action.rule();
        let sides: Vec<String> = rule.sides.iter().map(|side| format!("{side:?}").to_lowercase()).collect();
        let proof = if action.needs_a_fresh_proof() { "fresh" } else { "-" };
        let _ = write!(out, "{} | {} | {proof}", action.code(), sides.join(" or "));
        for role in Role::ALL {
            let reach = rule.roles.iter().find(|(with, _)| with == role).map(|(_, reach)| *reach);
            let _ = write!(out, " | {}", reach.map_or("-", word));
        }
        out.push('\n');
    }
    out
}

fn word(reach: Reach) -> &'static str {
    match reach {
        Reach::Own => "own",
        Reach::Organisation => "organisation",
        Reach::Network => "network",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_coordinator_of_a_network_opens_no_personal_record() {
        for action in Action::ALL {
            let personal = ["person.", "referral.", "contact.", "decision.", "caseload.", "plan."];
            if personal.iter().any(|prefix| action.code().starts_with(prefix)) {
                let listed = action.rule().roles.iter().any(|(role, _)| *role == Role::NetworkCoordinator);
                assert!(!listed, "{} is open to a coordinator", action.code());
            }
        }
    }

    #[test]
    fn every_action_is_open_to_somebody_and_printed() {
        for action in Action::ALL {
            assert!(!action.rule().roles.is_empty() && !action.rule().sides.is_empty());
            assert!(print().contains(action.code()));
        }
    }
}
