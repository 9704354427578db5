//! What is planned with somebody, by whom, and what a version of the plan changed.
use super::codes;

codes! {
    PlanActionKind {
        ToDo = "TO_DO", "Something to do";
        AskService = "ASK_SERVICE", "Ask a service";
        Accompany = "ACCOMPANY", "Go along the first time";
        Travel = "TRAVEL", "Help to get there";
        Cost = "COST", "Help with what it costs";
        Buddy = "BUDDY", "Find somebody to go with";
    }
    PlanActionBy {
        Person = "PERSON", "The person";
        Worker = "WORKER", "Their worker";
        Provider = "PROVIDER", "A group or service";
        Supporter = "SUPPORTER", "Somebody close to them";
    }
    PlanChangeKind {
        Matters = "MATTERS", "What matters";
        GoalAdded = "GOAL_ADDED", "New goal";
        GoalChanged = "GOAL_CHANGED", "Goal in other words";
        GoalRemoved = "GOAL_REMOVED", "Goal taken out";
        Rated = "RATED", "Progress";
        ActionAdded = "ACTION_ADDED", "New action";
        ActionChanged = "ACTION_CHANGED", "Action changed";
        ActionMoved = "ACTION_MOVED", "Another day";
        ActionDone = "ACTION_DONE", "Done";
        ActionOpen = "ACTION_OPEN", "Not done after all";
        ActionRemoved = "ACTION_REMOVED", "Action taken out";
    }
}
