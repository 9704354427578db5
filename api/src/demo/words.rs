//! What people say and write in the demo. Short, plain, and about nobody.

use trellis_domain::referral::Need;

use super::dice::Dice;
use super::history::Words;

/// What matters to the person, in their words.
pub(super) fn wish(dice: &mut Dice, need: Need) -> Option<&'static str> {
    let from: &[&'static str] = match need {
        Need::Loneliness => &[
            "Since my friend moved I have not seen anybody for days. I would like company on a weekday.",
            "I used to sing. I would like to be among people again, not too many.",
            "The evenings are long.",
        ],
        Need::Money => &[
            "The letters frighten me and I have stopped opening them.",
            "I cannot make it to the end of the month.",
        ],
        Need::Housing => {
            &["The damp is back and the landlord does not answer.", "The stairs are too much now."]
        }
        Need::Food => &["I skip lunch so that there is dinner.", "I do not know how to cook for one."],
        Need::Work => &["I want to do something useful again.", "Volunteering first, perhaps work later."],
        Need::Activity => {
            &["I would like to walk to the shop and back again.", "Something gentle, not a gym."]
        }
        Need::Mood => &["I worry all night and sleep all morning.", "I want to feel more like myself."],
        Need::Caring => &[
            "I look after my husband and have not had an hour off since spring.",
            "Somebody to talk to who knows what caring is.",
        ],
        Need::Transport => {
            &["There is no bus after two.", "I miss my appointments because I cannot get there."]
        }
        Need::Digital => {
            &["Everything is online now and I am not.", "I would like to see my grandchildren on the screen."]
        }
        _ => &["I need somebody to look at this with me.", "I do not know where to begin."],
    };
    dice.percent(70).then(|| dice.word(from))
}

pub(super) fn first_talk(dice: &mut Dice) -> Option<&'static str> {
    let from = &[
        "Talked about what a good week would look like. Likes mornings. Will think about two groups.",
        "Was glad of the call. Main thing is company; not ready for big groups.",
        "Went through the letters together. Next time at the library.",
        "Knows what they want: to get out twice a week. Transport is the difficulty.",
        "Careful at first, then talked for a long time. Likes gardens.",
    ];
    dice.percent(80).then(|| dice.word(from))
}

pub(super) fn later_talk(dice: &mut Dice) -> Option<&'static str> {
    let from = &[
        "Has been once and will go again. Felt welcome.",
        "Did not manage this week; the bus did not come. Looking at the community car.",
        "Doing better. Has met somebody from the same street.",
        "Wants to try something else. Sent two ideas.",
        "Short call: all well, will ring if anything changes.",
        "Forms are in; answer expected in three weeks.",
    ];
    dice.percent(70).then(|| dice.word(from))
}

pub(super) fn session(dice: &mut Dice) -> Option<&'static str> {
    let from =
        &["Came, stayed for tea.", "Joined in, quiet at first.", "Came with a friend.", "Left early, tired."];
    dice.percent(35).then(|| dice.word(from))
}

pub(super) fn missed(dice: &mut Dice) -> Option<&'static str> {
    dice.percent(40).then(|| dice.word(&["No answer.", "Rang out.", "Will try at another time of day."]))
}

pub(super) fn for_provider(dice: &mut Dice) -> Option<&'static str> {
    let from = &[
        "Would like to come with somebody the first time.",
        "Prefers small groups.",
        "Could start any week.",
        "Please ring before the first session.",
    ];
    dice.percent(60).then(|| dice.word(from))
}

pub(super) fn closing(dice: &mut Dice) -> Words {
    let offered = dice.word(&[
        "Four conversations about what matters, two groups tried together, one kept up.",
        "Help with forms and letters, and an introduction to the advice centre.",
        "Company to the first two sessions; now goes alone.",
        "Regular calls over eight weeks and a plan for bad days.",
    ]);
    let outcome = dice.percent(85).then(|| {
        dice.word(&[
            "\"I have something to get up for on Wednesdays.\"",
            "\"The letters are sorted. I sleep again.\"",
            "\"I know who to ring now.\"",
            "\"It helped a bit. I am glad I tried.\"",
        ])
    });
    let asked = dice.percent(20).then(|| {
        dice.word(&[
            "Please offer a hearing check at the next visit.",
            "Please note: letters in large print.",
        ])
    });
    Words { offered, outcome, asked }
}
