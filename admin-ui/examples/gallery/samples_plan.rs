//! A plan: to read, to write, overtaken by somebody else, in all its versions, and on paper.
use trellis_admin_ui::chrome::Section;
use trellis_admin_ui::codes::{Code, PlanActionBy, PlanActionKind};
use trellis_admin_ui::pages::plan::{
    ActionForm, EditPlan, GoalForm, Person, PlanOvertaken, PlanPage, PlanPart, PlanVersions, PrintPlan,
    VersionRow,
};
use trellis_admin_ui::parts::{ActionShown, Choice, DayMonthYear, Empty, Errors, GoalShown, Goals, Tone};

use jiff::civil::date;
use trellis_admin_ui::words;

use super::{Ink, Sample, day, sample};

pub fn goals(ink: Ink) -> Goals {
    let action = |words: &str, who: &str, kind, state| ActionShown {
        words: ink.say(words),
        who: ink.say(who),
        kind,
        due: Some(words::date(date(2026, 11, 20))),
        state,
    };
    let walk = GoalShown {
        words: ink.say("Walk with others every Monday"),
        progress: ink.some("4 then 6, out of 10"),
        actions: vec![
            action(
                "Go along to the first walk",
                "Bea",
                Some(PlanActionKind::Accompany.words()),
                Some(ink.tag("3 days overdue", Tone::Bad)),
            ),
            action("Look for walking shoes", "Jo Park", None, Some(ink.tag("Done", Tone::Good))),
            ActionShown { due: None, ..action("Ask about the bus fare", "Sam Okoro", None, None) },
        ],
    };
    let garden = GoalShown { words: ink.say("Get the garden ready"), progress: None, actions: Vec::new() };
    Goals { goals: vec![walk, garden] }
}

fn person(ink: Ink) -> Person {
    Person { id: "per_1".to_owned(), name: ink.say("Jo Park") }
}

fn changes(ink: Ink) -> Vec<String> {
    ink.list(&[
        "New goal: Walk with others every Monday",
        "Progress with “Walk with others every Monday”: 4 then 6, out of 10",
        "Done: Look for walking shoes, 3 November 2026",
    ])
}

fn read(ink: Ink) -> PlanPage {
    PlanPage {
        chrome: ink.chrome(Section::People),
        person: person(ink),
        title: "Plan of 3 November 2026".to_owned(),
        by: ink.say("by Sam Okoro, North Vale Community Links"),
        matters: ink.some("See people twice a week, and my dog"),
        goals: goals(ink),
        changes: changes(ink),
        is_older: false,
        may_edit: true,
    }
}

/// As the person reads it: nobody tells them that they are late.
fn theirs(ink: Ink) -> Goals {
    let mut all = goals(ink);
    for action in all.goals.iter_mut().flat_map(|goal| &mut goal.actions) {
        action.state = action.state.take().filter(|state| state.tone == Tone::Good);
    }
    all
}

fn paper(ink: Ink) -> PrintPlan {
    PrintPlan {
        chrome: ink.chrome(Section::People),
        person: person(ink),
        large: false,
        format: None,
        organisation: ink.say("North Vale Community Links"),
        written: ink.say("Plan of 3 November 2026, written down by Sam Okoro, North Vale Community Links."),
        matters: ink.some("See people twice a week, and my dog"),
        goals: theirs(ink),
    }
}

fn goal_form(ink: Ink, number: usize, filled: bool) -> GoalForm {
    let name = format!("goal-{number}");
    let not_asked = Choice::new("", "Not asked today").chosen(true);
    let scores = (0..=10).map(|score: u8| Choice::new(score.to_string(), score.to_string()));
    let action = |at: usize, words: &str| ActionForm {
        name: format!("{name}-action-{at}"),
        number: at,
        id: "act_1".to_owned(),
        words: if filled { ink.say(words) } else { String::new() },
        kinds: PlanActionKind::choices(&[PlanActionKind::Accompany]),
        by: PlanActionBy::choices(&[PlanActionBy::Supporter]),
        by_name: if filled { ink.say("Bea") } else { String::new() },
        due: DayMonthYear { day: ink.say("20"), month: ink.say("11"), year: ink.say("2026") },
        done: vec![Choice::new("yes", "Done")],
        done_on: String::new(),
    };
    GoalForm {
        number,
        id: ink.say("gol_1"),
        words: if filled { ink.say("Walk with others every Monday") } else { String::new() },
        rated: if filled { ink.list(&["4@2026-11-03"]) } else { Vec::new() },
        progress: ink.some("4, out of 10").filter(|_| filled),
        rating: [not_asked].into_iter().chain(scores).collect(),
        actions: vec![action(1, "Go along to the first walk"), action(2, "Look for walking shoes")],
        name,
    }
}

fn form(ink: Ink) -> EditPlan {
    EditPlan {
        chrome: ink.chrome(Section::People),
        errors: Errors::default(),
        person: person(ink),
        reach: ink.list(&["Phone 01632 960 010, after 2pm", "Send things in large print"]),
        version: 3,
        submission: "sub_3".to_owned(),
        matters: ink.say("See people twice a week, and my dog"),
        starting: false,
        goals: vec![goal_form(ink, 1, true), goal_form(ink, 2, true)],
        overtaken: None,
        merged: false,
    }
}

fn overtaken(ink: Ink) -> EditPlan {
    let part = |name: &str, label: &str, mine: &str, theirs: &str, takes_theirs| PlanPart {
        name: name.to_owned(),
        label: ink.say(label),
        mine: ink.say(mine),
        theirs: ink.say(theirs),
        takes_theirs,
    };
    let parts = vec![
        part("matters", "What matters to me", "My dog", "My dog and my garden", false),
        part(
            "gol_1",
            "Goal: Walk",
            "Walk. 4 then 6, out of 10",
            "Walk. Call Bea (Bea), by 20 11 2026",
            false,
        ),
        part("gol_2", "Goal: Sing", "Not in this plan", "Sing in the choir", true),
    ];
    let panel = PlanOvertaken { changed_by: ink.say("Riz Ahmed"), changed: day(11, 3), parts };
    EditPlan { overtaken: Some(panel), ..form(ink) }
}

fn versions(ink: Ink) -> PlanVersions {
    let row = |version, title: &str| VersionRow {
        version,
        title: title.to_owned(),
        by: ink.say("3 November 2026, 9am, by Sam Okoro, North Vale Community Links"),
        changes: changes(ink),
    };
    PlanVersions {
        chrome: ink.chrome(Section::People),
        person: person(ink),
        rows: vec![row(2, "Plan of 3 November 2026"), row(1, "Plan of 3 November 2026")],
        empty: None,
        pagination: ink.pages("Showing 2 plans of more"),
    }
}

pub fn all(ink: Ink) -> Vec<Sample> {
    let nothing = Empty {
        why: ink.say("There is no plan yet."),
        href: Some("/people/per_1".to_owned()),
        action: ink.say("Go back to the person"),
    };
    let wrong = ink.errors(&[
        ("goal-1", "Write the goal down, or take it out"),
        ("goal-1-action-1", "Write down what will be done, or take the action out"),
        ("goal-1-action-1-due", "Enter a day that exists, or leave it empty"),
    ]);
    let braille =
        "Jo Park wants information in Braille. A copy on paper is not enough: ask how they want this.";
    let bare = |large| PrintPlan { large, matters: None, goals: Goals::default(), ..paper(ink) };
    let first = EditPlan { starting: true, version: 0, goals: Vec::new(), ..form(ink) };
    vec![
        sample("plan", &read(ink)),
        sample("plan--older", &PlanPage { is_older: true, ..read(ink) }),
        sample("plan--empty", &PlanPage { matters: None, goals: Goals::default(), ..read(ink) }),
        sample("plan-versions", &versions(ink)),
        sample(
            "plan-versions--empty",
            &PlanVersions { rows: Vec::new(), empty: Some(nothing), ..versions(ink) },
        ),
        sample("plan-print", &paper(ink)),
        sample("plan-print--large", &PrintPlan { large: true, ..paper(ink) }),
        sample("plan-print--braille", &PrintPlan { format: ink.some(braille), ..paper(ink) }),
        sample("plan-print--empty", &bare(false)),
        sample("plan-edit", &form(ink)),
        sample("plan-edit--first", &first),
        sample(
            "plan-edit--error",
            &EditPlan { errors: wrong, goals: vec![goal_form(ink, 1, false)], ..form(ink) },
        ),
        sample("plan-edit--overtaken", &overtaken(ink)),
        sample("plan-edit--merged", &EditPlan { merged: true, ..form(ink) }),
    ]
}
