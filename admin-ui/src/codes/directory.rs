//! Services.
use super::codes;

codes! {
    CapacityState {
        Open = "OPEN", "Room";
        Limited = "LIMITED", "Few places";
        Waitlist = "WAITLIST", "Waiting list";
        Paused = "PAUSED", "Paused";
        Closed = "CLOSED", "Closed";
    }
    Cost {
        Free = "FREE", "Free";
        Small = "SMALL", "Small charge";
        Paid = "PAID", "Paid";
        Unknown = "UNKNOWN", "Ask about cost";
    }
}
