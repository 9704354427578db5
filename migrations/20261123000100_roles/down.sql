DROP FUNCTION current_actor();
DROP FUNCTION current_organisation();
DROP FUNCTION current_network();
REVOKE USAGE ON SCHEMA public FROM trellis_app, trellis_platform;
