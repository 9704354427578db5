ALTER TABLE login_links DROP COLUMN sealed_address, DROP COLUMN address_key_id;
