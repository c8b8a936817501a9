-- What the manifest of a closing says beside its leaves and methodologies, canonical JSON: fixed when it begins, so that one that was cut off ends
-- with the same terms whatever settings or options say by then. Null of those that began before this was kept.
ALTER TABLE closings ADD COLUMN terms text COLLATE "C";
