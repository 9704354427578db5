//! Owns what is shown when somebody else was faster: their change beside what I asked for, and a choice. Mine can be sent again
//! as it was, on purpose and with one press; theirs is one link away. Nothing typed is lost.
use askama::Template;

use super::When;

#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "parts/overtaken.html")]
pub struct Overtaken {
    pub changed_by: String,
    pub changed: When,
    /// What I asked for: "Send back".
    pub mine: String,
    /// What they did: "Accepted".
    pub theirs: String,
    pub action: String,
    /// My form as it was, with the version there is now.
    pub kept: Vec<(String, String)>,
    pub reload: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_value_stays_text() {
        let nasty = "\"><img src=x>".to_owned();
        let html = Overtaken {
            changed_by: nasty.clone(),
            changed: When { iso: nasty.clone(), words: nasty.clone() },
            mine: nasty.clone(),
            theirs: nasty.clone(),
            action: "/referrals/ref_1/return".to_owned(),
            kept: vec![(nasty.clone(), nasty)],
            reload: "/referrals/ref_1".to_owned(),
        }
        .to_string();
        assert!(!html.contains("<img"), "{html}");
    }
}
