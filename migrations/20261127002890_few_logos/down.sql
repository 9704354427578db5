REVOKE DELETE ON organisation_logos FROM trellis_app;
