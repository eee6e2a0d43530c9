-- Where the time of a phase's VM went (results.PhaseTimes); empty until it has ended.
ALTER TABLE phase ADD COLUMN vm_times TEXT NOT NULL DEFAULT '';
