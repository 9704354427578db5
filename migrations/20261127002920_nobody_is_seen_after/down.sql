DROP FUNCTION end_access_of_closed(uuid, timestamptz, text);
