ALTER POLICY persons_app ON persons
  USING (network_id = (SELECT current_network()) AND sees_person(network_id, person_id));
ALTER POLICY person_keys_app ON person_keys
  USING (network_id = (SELECT current_network()) AND sees_person(network_id, person_id));
