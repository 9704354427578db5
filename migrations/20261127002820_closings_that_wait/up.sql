-- How many of what a closed organisation held nobody could take, when the worker looked last: whoever coordinates the network
-- names another successor, or sees to it that the people are asked.
ALTER TABLE closings ADD COLUMN waiting integer NOT NULL DEFAULT 0 CHECK (waiting >= 0);
GRANT UPDATE (waiting) ON closings TO trellis_platform;
