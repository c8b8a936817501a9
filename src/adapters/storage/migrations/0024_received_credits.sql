-- Who holds credits may retire them, also those of batches that another folder made: a line names a batch of
-- the chain, which need not be one of this tenant's own.
ALTER TABLE retirement_lines DROP CONSTRAINT retirement_lines_tenant_batch_id_fkey;
