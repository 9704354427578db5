-- The address that was typed, sealed. Whose it is, is found out by the worker that sends the mail, not by whoever is asked for
-- it: a request for an address that is nobody's is the same work to the last statement and the last foreign key.
ALTER TABLE login_links
  ADD COLUMN sealed_address bytea,
  ADD COLUMN address_key_id text,
  ADD CONSTRAINT login_links_address CHECK (num_nonnulls(sealed_address, address_key_id) IN (0, 2));
