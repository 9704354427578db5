-- The same rule as `sees_person`, written out: PostgreSQL plans it into the statement instead of calling a function for
-- every row. A caseload asks it fifty times; it runs in about two thirds of the time (docs/performance.md).
ALTER POLICY persons_app ON persons
  USING (network_id = (SELECT current_network())
    AND EXISTS (SELECT FROM person_access a
      WHERE a.network_id = persons.network_id AND a.person_id = persons.person_id
        AND a.organisation_id = (SELECT current_organisation()) AND a.ended_at IS NULL));
ALTER POLICY person_keys_app ON person_keys
  USING (network_id = (SELECT current_network())
    AND EXISTS (SELECT FROM person_access a
      WHERE a.network_id = person_keys.network_id AND a.person_id = person_keys.person_id
        AND a.organisation_id = (SELECT current_organisation()) AND a.ended_at IS NULL));
