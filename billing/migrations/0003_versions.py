"""The database counts the versions of accounts and invoices, whoever writes them.

A row that is written with the values it had keeps its version. Who speaks for an account is a part
of it, though it stands in another table.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION billing_next_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    NEW.updated_at := statement_timestamp();
    RETURN NEW;
END $$;

CREATE TRIGGER account_next_version BEFORE UPDATE ON billing_account
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION billing_next_version();
CREATE TRIGGER invoice_next_version BEFORE UPDATE ON billing_invoice
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION billing_next_version();

CREATE FUNCTION billing_account_spoken_for() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE billing_account SET version = version + 1
        WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.account_id ELSE NEW.account_id END;
    RETURN NULL;
END $$;

CREATE TRIGGER account_spoken_for AFTER INSERT OR UPDATE OR DELETE ON billing_account_contacts
    FOR EACH ROW EXECUTE FUNCTION billing_account_spoken_for();
"""

BACKWARD = """
DROP TRIGGER account_spoken_for ON billing_account_contacts;
DROP TRIGGER invoice_next_version ON billing_invoice;
DROP TRIGGER account_next_version ON billing_account;
DROP FUNCTION billing_account_spoken_for();
DROP FUNCTION billing_next_version();
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0002_ledger")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
