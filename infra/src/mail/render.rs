//! The words of every mail, as subject, plain text and HTML. Templates are compiled in and checked once, at
//! the start; the HTML's structure is fixed before any value is put in.
//! It refuses values with control characters, so that no value can add a line to a header.

use minijinja::{AutoEscape, Environment, UndefinedBehavior};

const LAYOUT: &str = include_str!("templates/layout.mjml");
const FOOTER: &str = include_str!("templates/footer.txt");
const BODY_MARK: &str = "<!-- body -->";
const LONGEST_VALUE: usize = 500;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Template {
    /// To a provider: somebody new, with a link to answer. Needs organisation, reference, link, `reply_by`.
    RequestToProvider,
    /// To a provider that has not answered, with a new link. Needs organisation, reference, link, `reply_by`.
    RequestReminder,
    /// To a referrer or worker. Needs reference, link.
    ReferralNews,
    /// To a worker whose referral was declined, returned or withdrawn. Needs reference, link.
    TaskForWorker,
    /// To whoever has something that is overdue, or leads them. Needs reference, link.
    Overdue,
    /// To whoever asked and has no answer. Needs reference, link.
    NoAnswer,
    /// Six digits for a new browser. Needs code.
    DeviceCode,
    /// To somebody who is asked to join. Needs organisation, link, `reply_by`.
    Invitation,
    /// To whoever invited somebody who came too late. Needs organisation, link.
    InvitationWanted,
    /// To a privacy officer: a record was opened in an emergency. Needs organisation, link.
    EmergencyOpened,
    /// To whoever had to do with an organisation that closes. Needs organisation, link.
    OrganisationClosed,
    /// To a worker who gets people or gives some away. Needs organisation, link.
    CaseloadChanged,
    /// To an administrator: a member asks for a page. Needs organisation, link.
    AccessAsked,
    /// To whoever asked. Needs organisation, link.
    AccessAnswered,
    /// To a privacy officer: another organisation offers its records. Needs organisation, link.
    CustodyOffered,
    /// To a privacy officer: an offer of records was answered. Needs organisation, link.
    CustodyAnswered,
    /// To whoever applies for a group to join: proves the address. Needs organisation, link.
    ApplicationToConfirm,
    /// To whoever coordinates the network. Needs organisation, link.
    ApplicationWaiting,
    /// To whoever applies: a question. Needs organisation, link.
    ApplicationQuestion,
    /// To whoever applies: no. Needs organisation, link.
    ApplicationDeclined,
    /// To a login: something it signs in with was changed. Needs link.
    CredentialChanged,
    /// To a login: a device that was not seen before. Needs link.
    NewDevice,
    /// To a login: signs in, once. Needs link.
    SignInLink,
    /// To a login: sets a new password, once. Needs link.
    PasswordRecovery,
    /// To a login: goes on with a reset of its second factor or stops it, once. Needs link.
    FactorReset,
}

struct Source {
    name: &'static str,
    subject: &'static str,
    text: &'static str,
    mjml: &'static str,
}

macro_rules! source {
    ($name:literal) => {
        Source {
            name: $name,
            subject: include_str!(concat!("templates/", $name, "/subject.txt")),
            text: include_str!(concat!("templates/", $name, "/body.txt")),
            mjml: include_str!(concat!("templates/", $name, "/body.mjml")),
        }
    };
}

impl Template {
    pub const ALL: [Self; 25] = [
        Self::RequestToProvider,
        Self::RequestReminder,
        Self::ReferralNews,
        Self::TaskForWorker,
        Self::Overdue,
        Self::NoAnswer,
        Self::DeviceCode,
        Self::Invitation,
        Self::InvitationWanted,
        Self::EmergencyOpened,
        Self::OrganisationClosed,
        Self::CaseloadChanged,
        Self::AccessAsked,
        Self::AccessAnswered,
        Self::CustodyOffered,
        Self::CustodyAnswered,
        Self::ApplicationToConfirm,
        Self::ApplicationWaiting,
        Self::ApplicationQuestion,
        Self::ApplicationDeclined,
        Self::CredentialChanged,
        Self::NewDevice,
        Self::SignInLink,
        Self::PasswordRecovery,
        Self::FactorReset,
    ];

    /// The name under which the outbox keeps it.
    pub const fn name(self) -> &'static str {
        self.source().name
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|template| template.name() == name)
    }

    const fn source(self) -> Source {
        match self {
            Self::RequestToProvider => source!("request_to_provider"),
            Self::RequestReminder => source!("request_reminder"),
            Self::ReferralNews => source!("referral_news"),
            Self::TaskForWorker => source!("task_for_worker"),
            Self::Overdue => source!("overdue"),
            Self::NoAnswer => source!("no_answer"),
            Self::DeviceCode => source!("device_code"),
            Self::Invitation => source!("invitation"),
            Self::InvitationWanted => source!("invitation_wanted"),
            Self::EmergencyOpened => source!("emergency_opened"),
            Self::OrganisationClosed => source!("organisation_closed"),
            Self::CaseloadChanged => source!("caseload_changed"),
            Self::AccessAsked => source!("access_asked"),
            Self::AccessAnswered => source!("access_answered"),
            Self::CustodyOffered => source!("custody_offered"),
            Self::CustodyAnswered => source!("custody_answered"),
            Self::ApplicationToConfirm => source!("application_to_confirm"),
            Self::ApplicationWaiting => source!("application_waiting"),
            Self::ApplicationQuestion => source!("application_question"),
            Self::ApplicationDeclined => source!("application_declined"),
            Self::CredentialChanged => source!("credential_changed"),
            Self::NewDevice => source!("new_device"),
            Self::SignInLink => source!("sign_in_link"),
            Self::PasswordRecovery => source!("password_recovery"),
            Self::FactorReset => source!("factor_reset"),
        }
    }
}

/// All that a mail can ever say. There is deliberately no field for a person, a need or a place.
#[derive(Debug, Clone, Copy, Default)]
pub struct Vars<'a> {
    pub organisation: Option<&'a str>,
    pub reference: Option<&'a str>,
    pub link: Option<&'a str>,
    pub reply_by: Option<&'a str>,
    pub code: Option<&'a str>,
    pub help_phone: Option<&'a str>,
}

impl<'a> Vars<'a> {
    const fn named(&self) -> [(&'static str, Option<&'a str>); 6] {
        [
            ("organisation", self.organisation),
            ("reference", self.reference),
            ("link", self.link),
            ("reply_by", self.reply_by),
            ("code", self.code),
            ("help_phone", self.help_phone),
        ]
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    pub subject: String,
    pub text: String,
    pub html: String,
}

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum RenderError {
    #[error("mail template {template} is not sound")]
    Template { template: &'static str },
    #[error("mail template {template} lacks a value or names one that does not exist")]
    Missing { template: &'static str },
    #[error("value for {variable} holds control characters or is too long")]
    Value { variable: &'static str },
    #[error("link in a mail must be an http or https address")]
    Link,
}

#[derive(Debug)]
pub struct Templates {
    environment: Environment<'static>,
}

impl Templates {
    pub fn load() -> Result<Self, RenderError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|name| {
            if name.ends_with("/body.html") { AutoEscape::Html } else { AutoEscape::None }
        });
        let unsound = |template| RenderError::Template { template };
        environment.add_template("footer.txt", FOOTER).map_err(|_| unsound("footer"))?;
        for template in Template::ALL {
            let Source { name, subject, text, mjml } = template.source();
            let html = compile(mjml).ok_or(unsound(name))?;
            environment
                .add_template_owned(part(name, "subject.txt"), subject.trim_end())
                .and_then(|()| environment.add_template_owned(part(name, "body.txt"), text))
                .and_then(|()| environment.add_template_owned(part(name, "body.html"), html))
                .map_err(|_| unsound(name))?;
        }
        Ok(Self { environment })
    }

    pub fn render(&self, template: Template, vars: &Vars<'_>) -> Result<Rendered, RenderError> {
        check(vars)?;
        Ok(Rendered {
            subject: self.fill(template, "subject.txt", vars)?,
            text: self.fill(template, "body.txt", vars)?,
            html: self.fill(template, "body.html", vars)?,
        })
    }

    fn fill(&self, template: Template, file: &str, vars: &Vars<'_>) -> Result<String, RenderError> {
        let name = template.name();
        let given = vars.named().into_iter().filter_map(|(variable, value)| Some((variable, value?)));
        self.environment
            .get_template(&part(name, file))
            .and_then(|template| template.render(minijinja::Value::from_pairs(given)))
            .map_err(|_| RenderError::Missing { template: name })
    }
}

fn part(name: &str, file: &str) -> String {
    format!("{name}/{file}")
}

/// No fonts, icons or images are fetched by the reader's mail program: it would tell others that it was read.
fn compile(body: &str) -> Option<String> {
    let options = mrml::prelude::render::RenderOptions {
        disable_comments: true,
        social_icon_origin: None,
        fonts: std::collections::HashMap::default(),
    };
    mrml::parse(LAYOUT.replace(BODY_MARK, body)).ok()?.element.render(&options).ok()
}

fn check(vars: &Vars<'_>) -> Result<(), RenderError> {
    for (variable, value) in vars.named() {
        let value = value.unwrap_or_default();
        if value.len() > LONGEST_VALUE || value.chars().any(breaks_a_line) {
            return Err(RenderError::Value { variable });
        }
    }
    match vars.link {
        Some(link) if !(link.starts_with("https://") || link.starts_with("http://")) => {
            Err(RenderError::Link)
        }
        _ => Ok(()),
    }
}

fn breaks_a_line(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const VARS: Vars<'static> = Vars {
        organisation: Some("Eastfield Walkers"),
        reference: Some("4TK-9QD"),
        link: Some("https://links.northvale.example/r/tr_request_abc?x=1&y=2"),
        reply_by: Some("6 November"),
        code: Some("012345"),
        help_phone: Some("01632 960 001"),
    };

    #[test]
    fn no_template_names_anything_outside_the_closed_list() {
        let allowed = BTreeSet::from(["organisation", "reference", "link", "reply_by", "code", "help_phone"]);
        assert_eq!(VARS.named().map(|(variable, _)| variable).into_iter().collect::<BTreeSet<_>>(), allowed);
        let templates = Templates::load().unwrap();
        let mut checked = 0;
        for (name, template) in templates.environment.templates() {
            let named = template.undeclared_variables(true);
            assert!(named.iter().all(|variable| allowed.contains(variable.as_str())), "{name}: {named:?}");
            checked += 1;
        }
        assert_eq!(checked, 1 + 3 * Template::ALL.len());
    }

    #[test]
    fn mail_about_a_referral_is_reference_and_link_only() {
        let templates = Templates::load().unwrap();
        for template in [Template::ReferralNews, Template::TaskForWorker] {
            let bare = Vars { organisation: None, reply_by: None, code: None, ..VARS };
            let mail = templates.render(template, &bare).unwrap();
            assert!(mail.subject.contains("4TK-9QD") && mail.text.contains("4TK-9QD"));
            assert!(mail.text.contains(VARS.link.unwrap()));
        }
    }

    #[test]
    fn every_mail_says_what_trellis_is_not_in_text_and_in_html() {
        let templates = Templates::load().unwrap();
        for template in Template::ALL {
            let mail = templates.render(template, &VARS).unwrap();
            for body in [&mail.text, &mail.html] {
                let body = body.split_whitespace().collect::<Vec<_>>().join(" ");
                for words in
                    ["not an urgent or monitored service", "not a clinical record", "not a medical device"]
                {
                    assert!(body.contains(words), "{template:?}: {words}");
                }
                assert!(body.contains("01632 960 001"), "{template:?}");
                assert!(!body.contains("{{") && !body.contains("{%"), "{template:?}");
            }
        }
    }

    #[test]
    fn the_request_reads_as_designed() {
        let mail = Templates::load().unwrap().render(Template::RequestToProvider, &VARS).unwrap();
        assert_eq!(mail.subject, "Can Eastfield Walkers help someone new? Please reply by 6 November");
        assert!(
            mail.text.starts_with("Someone in your area would like to take part in something you offer.\n")
        );
        assert!(mail.text.contains("You do not need an account."));
        let link =
            "href=\"https:&#x2f;&#x2f;links.northvale.example&#x2f;r&#x2f;tr_request_abc?x=1&amp;y=2\"";
        assert!(mail.html.contains(link), "{}", mail.html);
        assert!(mail.html.contains("lang=\"en-GB\""));
    }

    #[test]
    fn the_code_is_in_the_body_and_never_in_the_subject() {
        let mail = Templates::load().unwrap().render(Template::DeviceCode, &VARS).unwrap();
        assert!(mail.text.contains("012345") && mail.html.contains("012345"));
        assert!(!mail.subject.contains("012345"));
    }

    #[test]
    fn html_values_are_escaped_and_nothing_is_fetched_from_elsewhere() {
        let odd = Vars { organisation: Some("<script>x</script> & \"Sons\""), ..VARS };
        let templates = Templates::load().unwrap();
        let mail = templates.render(Template::RequestToProvider, &odd).unwrap();
        assert!(!mail.html.contains("<script>"), "{}", mail.html);
        assert!(mail.subject.starts_with("Can <script>x</script> & \"Sons\" help"), "a subject is not html");
        for template in Template::ALL {
            let html = templates.render(template, &VARS).unwrap().html;
            assert!(!html.contains("src=") && !html.contains("@import") && !html.contains("<link"), "{html}");
        }
    }

    #[test]
    fn a_value_cannot_add_a_header() {
        let templates = Templates::load().unwrap();
        for odd in ["A\r\nBcc: x@example.org", "A\nB", "A\u{85}B", "A\0B", "A\u{2028}B", &"x".repeat(501)] {
            let vars = Vars { organisation: Some(odd), ..VARS };
            let refused = templates.render(Template::RequestToProvider, &vars);
            assert_eq!(refused, Err(RenderError::Value { variable: "organisation" }), "{odd:?}");
        }
        let vars = Vars { link: Some("javascript:alert(1)"), ..VARS };
        assert_eq!(templates.render(Template::RequestToProvider, &vars), Err(RenderError::Link));
    }

    #[test]
    fn a_missing_value_is_an_error_and_not_a_gap() {
        let vars = Vars { link: None, ..VARS };
        let refused = Templates::load().unwrap().render(Template::ReferralNews, &vars);
        assert_eq!(refused, Err(RenderError::Missing { template: "referral_news" }));
    }

    #[test]
    fn names_lead_back_to_their_templates() {
        for template in Template::ALL {
            assert_eq!(Template::from_name(template.name()), Some(template));
        }
        assert_eq!(Template::from_name("other"), None);
    }
}
