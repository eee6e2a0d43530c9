-- What a phase's VM connected to (results.PhaseRecords, egress.ConnectionTable), in the order of `place_index`.
CREATE TABLE network_place (
    run TEXT NOT NULL,
    generation INTEGER NOT NULL,
    phase TEXT NOT NULL,
    place_index INTEGER NOT NULL,
    place TEXT NOT NULL,
    connections INTEGER NOT NULL,
    sent INTEGER NOT NULL,
    received INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (run, generation, phase, place_index)
) STRICT, WITHOUT ROWID;
